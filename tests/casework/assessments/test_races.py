"""Many at once: one completion of an assessment."""

import asyncio

import httpx

from tests.casework.assessments.made import ASSESSMENTS, drafted, moved
from tests.casework.cases.made import consented
from tests.casework.people.test_endpoints import rows


async def test_of_twenty_who_complete_an_assessment_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    draft = await drafted(racing_casework, await consented(racing_casework))
    answers = await asyncio.gather(*[moved(racing_casework, draft, "complete") for _ in range(20)])
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
    assert (await racing_casework.get(f"{ASSESSMENTS}/{draft['id']}")).json()["version"] == 2
    told = await rows(racing_casework, "SELECT id FROM events WHERE type = 'casework.assessment.completed'")
    assert len(told) == 1
