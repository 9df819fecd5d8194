"""Studies of nearly the same children are not told beside each other, and a refusal does not tell of how few."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import insert

from services.screening.studies.queries import get_study_record
from services.screening.study_runs.models import StudyRun
from services.screening.study_runs.queries import list_children
from tests.screening.campaigns.results import EVERYWHERE
from tests.screening.studies.planning import plan, publish, run
from tests.screening.studies.population import Facts, screened
from tests.screening.studies.records import add_screenings, annul
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of


@pytest.fixture
async def client(screening: httpx.AsyncClient) -> httpx.AsyncClient:
    await publish(screening)
    screening.headers.update(call_as("researcher"))
    return screening


def children(number: int, seed: int, **facts: Any) -> list[Facts]:
    return [one | facts for one in screened(number, seed=seed)]


async def ran(client: httpx.AsyncClient, **limits: Any) -> bool:
    """Whether a study with these limits may be run; if so, its run is kept as its job would."""
    path = await plan(client, **limits)
    answer = await run(client, path)
    if answer.status_code == 202:
        await keep_run(client, path.rsplit("/", 1)[-1])
        return True
    refused = assert_problem(answer, 409, "sample-too-close")
    assert not {"found", "n", "needed"} & {*refused}
    return False


async def keep_run(client: httpx.AsyncClient, study_id: str) -> None:
    async with app_of(client).state.database.change() as change:
        await change.act_for(EVERYWHERE)
        found = await list_children(change, await get_study_record(change, UUID(study_id)))
        kept = {"study_id": study_id, "number": 1, "n": len(found), "subjects": found, "results": {}, "run_by": "x"}
        await change.execute(insert(StudyRun).values(**kept))


async def test_limits_cannot_be_drawn_closer_until_one_child_is_left_out(client: httpx.AsyncClient) -> None:
    await add_screenings(client, children(30, 1, age=40))
    await add_screenings(client, children(4, 2, age=50))
    await add_screenings(client, children(5, 3, age=60))
    assert await ran(client)
    assert await ran(client, age_to=60)
    assert not await ran(client, age_to=50)  # it leaves nine of the first, and four of the second
    assert not await ran(client, age_to=61)  # nobody is left out, which is told like few
    assert await ran(client)


async def test_what_two_studies_leave_of_a_third_is_not_a_few_children(client: httpx.AsyncClient) -> None:
    await add_screenings(client, children(20, 1, sex="female"))
    await add_screenings(client, children(20, 2, sex="male"))
    await add_screenings(client, children(2, 3, sex="unknown"))
    assert await ran(client)
    assert await ran(client, sex="female")
    assert not await ran(client, sex="male")


async def test_a_study_is_run_again_when_no_few_are_new_or_are_gone(client: httpx.AsyncClient) -> None:
    rows = children(20, 1)
    await add_screenings(client, rows)
    assert await ran(client)
    await add_screenings(client, children(4, 2))
    assert not await ran(client)
    await add_screenings(client, children(1, 3))
    assert await ran(client)
    for number, child in enumerate(rows[:5]):
        await annul(client, child)
        assert await ran(client) is (number == 4)


async def test_few_children_are_refused_like_none_before_it_is_asked_whether_they_are_close(
    client: httpx.AsyncClient,
) -> None:
    await add_screenings(client, children(20, 1))
    await add_screenings(client, children(3, 2, county="2401"))
    assert await ran(client, counties=["2469"])
    refused = []
    for county in ("2401", "0219"):
        answer = await run(client, await plan(client, counties=[county]))
        refused.append(assert_problem(answer, 409, "study-too-small"))
    assert [refused[0][name] for name in ("detail", "reason", "needed") if name in refused[0]] == [
        refused[1][name] for name in ("detail", "reason", "needed") if name in refused[1]
    ]
