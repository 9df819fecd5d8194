"""Many at once: one case for a child, one number for a case, one move of a state."""

import asyncio

import httpx

from tests.casework.cases.asks import CASE
from tests.casework.cases.made import CASES, opened
from tests.casework.people.made import registered, tag


async def test_of_twenty_who_open_a_case_of_one_child_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    child = await registered(racing_casework)
    body = {**CASE, "person_id": child["id"]}
    answers = await asyncio.gather(*[racing_casework.post(CASES, json=body) for _ in range(20)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19


async def test_cases_that_are_opened_at_once_have_numbers_without_a_gap(racing_casework: httpx.AsyncClient) -> None:
    children = [await registered(racing_casework) for _ in range(8)]
    bodies = [{**CASE, "person_id": child["id"]} for child in children]
    answers = await asyncio.gather(*[racing_casework.post(CASES, json=body) for body in bodies])
    numbers = sorted(int(answer.json()["number"][-5:]) for answer in answers)
    assert numbers == list(range(1, 9))


async def test_of_twenty_who_move_a_case_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    case = await opened(racing_casework)
    path = f"{CASES}/{case['id']}/withdraw"
    asked = [racing_casework.post(path, json={"reason": "x"}, headers=tag(case)) for _ in range(20)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
    timeline = (await racing_casework.get(f"{CASES}/{case['id']}/timeline")).json()
    assert [entry["verb"] for entry in timeline["items"]] == ["open", "withdraw"]
