"""Many at once: one certificate is issued, and none on an outcome that is taken back meanwhile."""

import asyncio

import httpx

from tests.support.records import fetch
from tests.training.certificates.made import earned, issue
from tests.training.sessions.made import tag
from tests.training.validations.made import VALIDATIONS

_BACK = {"is_achieved": False, "evidence": "x", "validated_on": "2026-10-05", "reason": "x"}


async def test_of_eight_who_issue_at_once_one_succeeds(racing_training: httpx.AsyncClient) -> None:
    ids = await earned(racing_training)
    answers = await asyncio.gather(*[issue(racing_training, ids) for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_a_certificate_and_a_correction_never_contradict(racing_training: httpx.AsyncClient) -> None:
    ids = await earned(racing_training)
    [outcome] = (await racing_training.get(VALIDATIONS)).json()["items"]
    url = f"{VALIDATIONS}/{outcome['id']}/correct"
    correcting = [racing_training.post(url, json=_BACK, headers=tag(outcome)) for _ in range(3)]
    answers = await asyncio.gather(*correcting, *[issue(racing_training, ids) for _ in range(3)])
    taken_back = sum(answer.status_code == 200 for answer in answers[:3])
    issued = sum(answer.status_code == 201 for answer in answers[3:])
    assert taken_back + issued == 1
    [[standing]] = await fetch(racing_training, "SELECT count(*) FROM certificates WHERE state = 'issued'")
    assert standing == issued
