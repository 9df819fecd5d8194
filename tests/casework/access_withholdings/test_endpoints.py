"""Withholdings: what could put a child in danger is not in its guardians' log, nor that there is anything."""

from typing import Any

import httpx
import pytest

from tests.casework.access_log.made import guarded
from tests.casework.access_log.test_endpoints import logged
from tests.casework.access_withholdings.asks import PATH, WITHHOLDING
from tests.casework.cases.made import made
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem

BEGINNING, ADDRESS = "2020-01-01T00:00:00Z", f"/v1/casework{PATH}"


async def withheld(client: httpx.AsyncClient, child: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A withholding of the child's whole log, unless other facts are given."""
    body = {**WITHHOLDING, "withheld_from": BEGINNING, "person_id": child["id"], **facts}
    return await made(client, PATH, body)


async def test_a_guardian_sees_neither_what_is_withheld_nor_that_it_is(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    guardian = await guarded(casework, child)
    await casework.get(f"{PEOPLE}/{child['id']}")
    before = await logged(casework, child, headers=guardian)
    assert len(before) == 2
    withholding = await withheld(casework, child)
    assert (await casework.get(ADDRESS)).json()["items"][0]["reason"] == WITHHOLDING["reason"]
    assert await logged(casework, child, headers=guardian) == []
    assert "withhold_access_log" in {entry["action"] for entry in await logged(casework, child)}
    released = await casework.post(f"{ADDRESS}/{withholding['id']}/release", headers=tag(withholding))
    assert released.status_code == 200
    after = {entry["action"] for entry in await logged(casework, child, headers=guardian)}
    assert {"get_person", "register_person", "withhold_access_log", "release_access_log"} <= after


@pytest.mark.parametrize(
    ("facts", "is_seen"),
    [
        ({}, False),
        ({"visible_after": "2199-01-01T00:00:00Z"}, False),
        ({"visible_after": "2021-01-01T00:00:00Z"}, True),
        ({"withheld_to": "2020-02-01T00:00:00Z"}, True),
        ({"withheld_from": "2199-01-01T00:00:00Z"}, True),
    ],
)
async def test_an_entry_is_withheld_within_the_period_until_its_time(
    casework: httpx.AsyncClient, facts: dict[str, Any], is_seen: bool
) -> None:
    child, other = await registered(casework), await registered(casework)
    guardian = await guarded(casework, child)
    await withheld(casework, other)
    await withheld(casework, child, **facts)
    seen = {entry["action"] for entry in await logged(casework, child, headers=guardian)}
    assert ("register_person" in seen) is is_seen
    is_over = facts.get("visible_after", "").startswith("2021")
    assert ("withhold_access_log" in seen) is is_over


async def test_why_is_sealed_and_no_event_tells_of_it(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    await withheld(casework, child)
    [kept] = await rows(casework, "SELECT CAST(w AS text) FROM access_withholdings AS w")
    assert "przemoc" not in kept[0]
    assert b"przemoc".hex() not in kept[0]
    assert await rows(casework, "SELECT 1 FROM events WHERE subject LIKE 'access-log%'") == []


async def test_what_was_released_is_not_released_again(casework: httpx.AsyncClient) -> None:
    withholding = await withheld(casework, await registered(casework))
    path = f"{ADDRESS}/{withholding['id']}/release"
    released = (await casework.post(path, headers=tag(withholding))).json()
    assert_problem(await casework.post(path, headers=tag(withholding)), 412, "version-mismatch")
    assert_problem(await casework.post(path, headers=tag(released)), 409, "state-conflict")


async def test_a_period_ends_after_it_begins(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    body = {**WITHHOLDING, "person_id": child["id"], "withheld_to": BEGINNING}
    refused = assert_problem(await casework.post(ADDRESS, json=body), 422, "validation-failed")
    assert [error["pointer"] for error in refused["errors"]] == ["/withheld_to"]


async def test_only_the_county_withholds(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    body = {**WITHHOLDING, "person_id": child["id"]}
    institution = call_as("institution_coordinator", subject="c")
    assert_problem(await casework.post(ADDRESS, json=body, headers=institution), 403, "forbidden")
    elsewhere = call_as("county_coordinator", counties=["2401"], subject="e")
    assert_problem(await casework.post(ADDRESS, json=body, headers=elsewhere), 404, "person-not-found")
