"""Who lives with whom, and since when."""

from typing import Any

import httpx
import pytest

from tests.casework.guardianships.made import PARENT
from tests.casework.households.made import HOUSEHOLDS, made_household, member
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem

RELATE = (
    "INSERT INTO relations (holder, kind, object_id, county_terc)"
    " VALUES ('account:therapist', 'team', CAST($1 AS uuid), '2469') RETURNING 1"
)


async def leave(client: httpx.AsyncClient, home: dict[str, Any], number: int, left_on: str) -> httpx.Response:
    path = f"{HOUSEHOLDS}/{home['id']}/members/{home['members'][number]['id']}/leave"
    return await client.post(path, json={"left_on": left_on}, headers=tag(home))


async def test_a_child_may_live_in_two_households(casework: httpx.AsyncClient) -> None:
    child, mother, father = [await registered(casework, **facts) for facts in ({}, PARENT, PARENT)]
    first = await made_household(casework, (mother, "parent"), (child, "child"))
    second = await made_household(casework, (father, "parent"), (child, "child"))
    listed = (await casework.get(HOUSEHOLDS, params={"person_id": child["id"]})).json()["items"]
    assert [each["id"] for each in listed] == [second["id"], first["id"]]
    assert listed[0] == (await casework.get(f"{HOUSEHOLDS}/{second['id']}")).json()
    looks = await rows(casework, "SELECT detail -> 'people' FROM audit_records WHERE action = 'list_households'")
    assert looks[0][0] == sorted([child["id"], mother["id"], father["id"]])


async def test_somebody_joins_and_leaves_and_may_come_back(casework: httpx.AsyncClient) -> None:
    child, mother, aunt = [await registered(casework, **facts) for facts in ({}, PARENT, PARENT)]
    home = await made_household(casework, (mother, "parent"), (child, "child"))
    path = f"{HOUSEHOLDS}/{home['id']}"
    body = member(aunt, "other_relative", "2025-01-01")
    home = (await casework.post(f"{path}/members", json=body)).json()
    assert (home["version"], home["members"][2]["role"]) == (2, "other_relative")
    assert_problem(await casework.post(f"{path}/members", json=body), 409, "already-in-household")
    assert_problem(await leave(casework, home, 2, "2024-12-31"), 422, "validation-failed")
    home = (await leave(casework, home, 2, "2025-06-30")).json()
    assert home["members"][2]["left_on"] == "2025-06-30"
    assert assert_problem(await leave(casework, home, 2, "2025-07-01"), 409, "state-conflict")["state"] == "left"
    again = await casework.post(f"{path}/members", json=body | {"joined_on": "2025-09-01"})
    assert again.status_code == 201


@pytest.mark.parametrize(
    ("facts", "slug", "pointer"),
    [
        ({"joined_on": "2190-01-01"}, "validation-failed", "/members/0/joined_on"),
        ({"person_id": "01990000-0000-7000-8000-000000000009"}, "unknown-reference", "/members/0/person_id"),
    ],
)
async def test_who_is_not_there_or_not_yet_is_refused(
    casework: httpx.AsyncClient, facts: dict[str, str], slug: str, pointer: str
) -> None:
    child = await registered(casework)
    body = {"county_terc": "2469", "members": [member(child, "child") | facts]}
    answer = assert_problem(await casework.post(HOUSEHOLDS, json=body), 422, slug)
    assert [error["pointer"] for error in answer["errors"]] == [pointer]


async def test_the_team_of_a_child_sees_who_it_lives_with_while_it_does(casework: httpx.AsyncClient) -> None:
    child, mother = await registered(casework), await registered(casework, **PARENT)
    home = await made_household(casework, (mother, "parent"), (child, "child"))
    therapist = call_as("specialist", subject="therapist", counties=[])
    path = f"{HOUSEHOLDS}/{home['id']}"
    assert_problem(await casework.get(path, headers=therapist), 404, "household-not-found")
    await rows(casework, RELATE, child["id"])
    assert len((await casework.get(path, headers=therapist)).json()["members"]) == 2
    mine = {"person_id": mother["id"]}
    assert (await casework.get(HOUSEHOLDS, params=mine, headers=therapist)).json()["items"] == []
    number = [each["person_id"] for each in home["members"]].index(child["id"])
    assert (await leave(casework, home, number, "2025-06-30")).status_code == 200
    assert_problem(await casework.get(path, headers=therapist), 404, "household-not-found")
