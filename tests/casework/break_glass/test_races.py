"""Many at once: three a day, one review."""

import asyncio

import httpx

from tests.casework.break_glass.asks import REVIEW
from tests.casework.break_glass.test_endpoints import GLASS, broken
from tests.casework.people.made import registered, tag
from tests.support.callers import call_as


async def test_of_eight_opened_at_once_by_one_account_three_succeed(racing_casework: httpx.AsyncClient) -> None:
    children = [await registered(racing_casework) for _ in range(8)]
    answers = await asyncio.gather(*[broken(racing_casework, child) for child in children])
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [429] * 5


async def test_of_eight_who_open_one_child_by_one_account_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    child = await registered(racing_casework)
    answers = await asyncio.gather(*[broken(racing_casework, child) for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_of_two_reviewers_one_decides(racing_casework: httpx.AsyncClient) -> None:
    access = (await broken(racing_casework, await registered(racing_casework))).json()
    path = f"{GLASS}/{access['id']}/review"
    bodies = [{**REVIEW, "verdict": verdict} for verdict in ("justified", "not_justified")]
    reviewers = [call_as("county_coordinator", subject=name) for name in ("one", "two")]
    asked = zip(bodies, reviewers, strict=True)
    answers = await asyncio.gather(
        *[racing_casework.post(path, json=body, headers=headers | tag(access)) for body, headers in asked]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
