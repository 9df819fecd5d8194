"""Searches tell nobody who exists elsewhere, and leave a record of hits and misses."""

from typing import Any

import httpx
import pytest

from services.casework.person_searches.rules import MOST_MISSES_AN_HOUR
from tests.casework.people.made import CHILD, registered
from tests.casework.people.test_endpoints import rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem

SEARCH = "/v1/casework/people:search"
ELSEWHERE = {"county_terc": "2401"}


async def found(client: httpx.AsyncClient, **facts: Any) -> list[str]:
    answer = await client.post(SEARCH, json={"purpose": "intake", **facts})
    assert answer.status_code == 200, answer.text
    return [person["id"] for person in answer.json()["items"]]


@pytest.mark.parametrize(
    "facts",
    [
        {"pesel": CHILD["pesel"]},
        {"given_name": "zofia", "family_name": "ZOLKIEWSKA"},
        {"family_name": "Żółkiewska", "born_on": "2023-02-28"},
        {"given_name": "Zofia", "born_on": "2023-02-28"},
        {"given_name": "Zofja", "family_name": "Żółkiewska", "born_on": "2023-02-28"},
    ],
)
async def test_somebody_is_found_by_number_or_by_two_facts(casework: httpx.AsyncClient, facts: dict[str, str]) -> None:
    child = await registered(casework, pesel=CHILD["pesel"])
    await registered(casework, given_name="Anna", family_name="Inna", born_on="2020-01-01")
    assert await found(casework, **facts) == [child["id"]]


async def test_one_fact_is_not_enough(casework: httpx.AsyncClient) -> None:
    answer = await casework.post(SEARCH, json={"family_name": "Żółkiewska", "purpose": "intake"})
    assert_problem(answer, 422, "validation-failed")


async def test_somebody_of_another_county_is_a_miss_like_nobody(casework: httpx.AsyncClient) -> None:
    there = call_as("county_coordinator", counties=["2401"])
    child = {**CHILD, **ELSEWHERE}
    assert (await casework.post("/v1/casework/people", json=child, headers=there)).status_code == 201
    assert await found(casework, pesel=CHILD["pesel"]) == []
    assert await found(casework, pesel="19230500013") == []
    noted = "SELECT outcome, detail -> 'people' FROM audit_records WHERE action = 'search_people'"
    outcomes = await rows(casework, noted)
    assert [tuple(row) for row in outcomes] == [("missed", [])] * 2


async def test_too_many_misses_are_refused_and_hits_are_not_counted(casework: httpx.AsyncClient) -> None:
    child = await registered(casework, pesel=CHILD["pesel"])
    for _ in range(MOST_MISSES_AN_HOUR - 1):
        assert await found(casework, pesel="19230500013") == []
    assert await found(casework, pesel=CHILD["pesel"]) == [child["id"]]
    assert await found(casework, pesel="19230500013") == []
    refused = await casework.post(SEARCH, json={"pesel": CHILD["pesel"], "purpose": "intake"})
    assert_problem(refused, 429, "rate-limited")
    assert int(refused.headers["retry-after"]) > 0
    another = call_as("county_coordinator", subject="another")
    answer = await casework.post(SEARCH, json={"pesel": CHILD["pesel"], "purpose": "intake"}, headers=another)
    assert answer.status_code == 200


async def test_a_reference_leads_to_the_child_and_who_joined_them_is_noted(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    path = f"/v1/casework/people/{child['id']}/subject-reference"
    reference = (await casework.get(path)).json()["subject_ref"]
    assert reference not in str(child)
    answer = await casework.post("/v1/casework/people:resolve-subject", json={"subject_ref": reference})
    assert answer.json() == {"person_id": child["id"]}
    noted = await rows(casework, "SELECT detail ->> 'people' FROM audit_records WHERE subject ~ 'subject'")
    assert [row[0] for row in noted] == [f'["{child["id"]}"]'] * 2


async def test_a_reference_of_another_county_leads_nowhere(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    path = f"/v1/casework/people/{child['id']}/subject-reference"
    reference = (await casework.get(path)).json()["subject_ref"]
    there = call_as("county_coordinator", counties=["2401"])
    body = {"subject_ref": reference}
    answer = await casework.post("/v1/casework/people:resolve-subject", json=body, headers=there)
    assert answer.json() == {"person_id": None}
