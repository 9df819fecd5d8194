"""Cases: opened once for a child, numbered in a county and year, listed for whom they concern."""

import httpx

from tests.casework.cases.asks import CASE
from tests.casework.cases.made import CASES, moved, opened
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem


async def test_a_case_is_opened_as_a_draft_with_a_number_of_its_county(casework: httpx.AsyncClient) -> None:
    first, second = await opened(casework), await opened(casework)
    assert first["state"] == "draft"
    assert first["coordinator"] == "county_coordinator"
    assert first["allowed"] == ["consent", "transfer", "withdraw"]
    county, year, number = first["number"].split("/")
    assert (county, year, number) == ("2469", first["opened_on"][:4], "00001")
    assert second["number"].endswith("/00002")
    read = await casework.get(f"{CASES}/{first['id']}")
    assert read.json() == first


async def test_a_child_has_one_open_case_at_a_time(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    body = {**CASE, "person_id": case["person_id"]}
    assert_problem(await casework.post(CASES, json=body), 409, "case-already-open")
    await moved(casework, case, "withdraw", reason="family_declined")
    assert (await casework.post(CASES, json=body)).status_code == 201


async def test_why_the_family_came_is_sealed(casework: httpx.AsyncClient) -> None:
    await opened(casework)
    [kept] = await rows(casework, "SELECT CAST(c AS text) FROM cases AS c")
    assert "mowa" not in kept[0]
    assert b"mowa".hex() not in kept[0]


async def test_a_list_is_narrowed_by_state_and_openness(casework: httpx.AsyncClient) -> None:
    kept, ended = await opened(casework), await opened(casework)
    await moved(casework, ended, "withdraw", reason="family_declined")

    async def listed(**query: str) -> list[str]:
        answer = await casework.get(CASES, params=query)
        return [case["id"] for case in answer.json()["items"]]

    assert await listed(is_open="true") == [kept["id"]]
    assert await listed(state="withdrawn") == [ended["id"]]
    assert await listed(track="pupil") == []
    assert (await casework.get(CASES, params={"fields": "id"})).json()["items"][1] == {"id": kept["id"]}


async def test_a_coordinator_of_another_county_sees_nothing_of_it(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    there = call_as("county_coordinator", counties=["2401"])
    assert (await casework.get(CASES, headers=there)).json()["items"] == []
    answer = await casework.get(f"{CASES}/{case['id']}", headers=there)
    assert_problem(answer, 404, "case-not-found")
    foreign = {**CASE, "person_id": case["person_id"]}
    assert_problem(await casework.post(CASES, json=foreign, headers=there), 404, "person-not-found")


async def test_who_answers_for_a_case_is_changed_while_it_is_open(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    path = f"{CASES}/{case['id']}"
    changed = await casework.patch(path, json={"coordinator": "somebody"}, headers=tag(case))
    assert (changed.json()["coordinator"], changed.json()["version"]) == ("somebody", 2)
    ended = await moved(casework, changed.json(), "withdraw", reason="family_declined")
    refused = await casework.patch(path, json={"coordinator": "another"}, headers=tag(ended))
    assert_problem(refused, 409, "state-conflict")


async def test_first_contact_was_not_in_the_future(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    body = {**CASE, "person_id": child["id"], "first_contact_on": "2199-01-01"}
    assert_problem(await casework.post(CASES, json=body), 422, "validation-failed")
