"""Requests of data subjects: asked by the family or on paper, answered in time, with what they lead to."""

from typing import Any

import httpx
import pytest

from tests.casework.access_log.made import guarded
from tests.casework.accounts.made import joined
from tests.casework.data_subject_requests.made import REQUESTS, asked, decided
from tests.casework.guardianships.made import family
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.problems import assert_problem
from tests.support.records import change


@pytest.mark.parametrize(
    ("received_on", "due_on", "extended_to"),
    [("2026-01-15", "2026-02-15", "2026-04-15"), ("2026-01-31", "2026-02-28", "2026-04-30")],
)
async def test_the_answer_is_due_within_a_month(
    casework: httpx.AsyncClient, received_on: str, due_on: str, extended_to: str
) -> None:
    child = await registered(casework)
    request = await asked(casework, child, "access", received_on=received_on, details="proszę o kopię")
    assert (request["due_on"], request["state"], request["details"]) == (due_on, "received", "proszę o kopię")
    assert request["allowed"] == ["extend", "fulfil", "refuse"]
    await change(casework, "UPDATE data_subject_requests SET due_on = '2199-01-01'")
    extended = (await decided(casework, request, "extend", reason="wiele akt")).json()
    assert (extended["due_on"], extended["state"], extended["reason"]) == (extended_to, "extended", "wiele akt")
    assert extended["allowed"] == ["fulfil", "refuse"]


async def test_the_time_is_not_extended_once_it_is_over(casework: httpx.AsyncClient) -> None:
    request = await asked(casework, await registered(casework), "access", received_on="2026-01-15")
    assert_problem(await decided(casework, request, "extend", reason="x"), 409, "too-late-to-extend")


async def test_a_letter_older_than_the_regulation_is_refused_with_the_first_day_of_it(
    casework: httpx.AsyncClient,
) -> None:
    body = {"person_id": (await registered(casework))["id"], "kind": "access"}
    early = await casework.post(REQUESTS, json={**body, "received_on": "2018-05-24"})
    assert assert_problem(early, 422, "law-not-known")["known_from"] == "2018-05-25"
    assert (await casework.post(REQUESTS, json={**body, "received_on": "2018-05-25"})).status_code == 201


async def test_a_guardian_asks_for_the_own_child_and_for_today(casework: httpx.AsyncClient) -> None:
    child, parent, _ = await family(casework)
    other, guardian = await registered(casework), await joined(casework, parent, "guardian")
    body = {"person_id": child["id"], "kind": "rectification"}
    made = (await casework.post(REQUESTS, json=body, headers=guardian)).json()
    assert (made["kind"], made["href"]) == ("rectification", f"{PEOPLE}/{child['id']}")
    assert (await casework.get(f"{REQUESTS}/{made['id']}", headers=guardian)).json() == made
    assert [one["id"] for one in (await casework.get(REQUESTS, headers=guardian)).json()["items"]] == [made["id"]]
    foreign = {**body, "person_id": other["id"]}
    assert_problem(await casework.post(REQUESTS, json=foreign, headers=guardian), 404, "person-not-found")
    dated = {**body, "received_on": "2026-01-01", "requested_by_id": child["id"]}
    refused = assert_problem(await casework.post(REQUESTS, json=dated, headers=guardian), 422, "validation-failed")
    assert {error["pointer"] for error in refused["errors"]} == {"/received_on", "/requested_by_id"}


async def test_on_paper_asks_who_acts_for_the_child(casework: httpx.AsyncClient) -> None:
    mother = await registered(casework, given_name="Anna", born_on="1990-04-05")
    stranger = await registered(casework, given_name="Obca", born_on="1980-01-01")
    nothing = {"born_on": None, "sex": None, "given_name": None, "family_name": None}
    child = await registered(casework, kind="expected", expected_on="2026-12-24", mother_id=mother["id"], **nothing)
    body = {"person_id": child["id"], "kind": "access"}
    assert (await casework.post(REQUESTS, json={**body, "requested_by_id": mother["id"]})).status_code == 201
    for wrong in (stranger, child):
        refused = await casework.post(REQUESTS, json={**body, "requested_by_id": wrong["id"]})
        assert_problem(refused, 422, "validation-failed")
    own = {"person_id": mother["id"], "kind": "access", "requested_by_id": mother["id"]}
    assert (await casework.post(REQUESTS, json=own)).status_code == 201


async def test_a_request_is_decided_once(casework: httpx.AsyncClient) -> None:
    request = await asked(casework, await registered(casework), "objection")
    refused = await decided(casework, request, "refuse", reason="obowiązek z ustawy")
    after = refused.json()
    assert (after["state"], after["reason"], after["allowed"]) == ("refused", "obowiązek z ustawy", [])
    assert after["ended_on"] is not None
    body = assert_problem(await decided(casework, after), 409, "state-conflict")
    assert (body["state"], body["allowed"]) == ("refused", [])
    assert_problem(await decided(casework, request), 412, "version-mismatch")


async def test_a_restriction_stops_every_change_until_it_is_lifted(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    request = await asked(casework, child, "restriction")
    path, patch = f"{PEOPLE}/{child['id']}", {"telephone": "600 000 000"}
    assert_problem(await decided(casework, request, "lift-restriction"), 409, "state-conflict")
    after = (await decided(casework, request)).json()
    read = (await casework.get(path)).json()
    assert (read["is_restricted"], read["version"], read["given_name"]) == (True, 2, child["given_name"])
    assert_problem(await casework.patch(path, json=patch, headers=tag(read)), 423, "processing-restricted")
    lifted = (await decided(casework, after, "lift-restriction")).json()
    assert lifted["lifted_at"] is not None
    assert_problem(await decided(casework, lifted, "lift-restriction"), 409, "state-conflict")
    read = (await casework.get(path)).json()
    assert (await casework.patch(path, json=patch, headers=tag(read))).status_code == 200
    told = [row[0] for row in await rows(casework, "SELECT type FROM events WHERE type LIKE 'casework.person%'")]
    assert {"casework.person.restricted", "casework.person.unrestricted"} <= {*told}


async def test_what_is_asked_in_words_is_sealed(casework: httpx.AsyncClient) -> None:
    await asked(casework, await registered(casework), "access", details="chcę wiedzieć")
    [kept] = await rows(casework, "SELECT CAST(r AS text) FROM data_subject_requests AS r")
    assert "wiedzie" not in kept[0]
    assert b"wiedzie".hex() not in kept[0]


@pytest.mark.parametrize(("kind", "fulfilled", "is_had"), [("access", True, True), ("access", False, False)])
async def test_the_family_has_the_copy_once_it_is_released(
    casework: httpx.AsyncClient, kind: str, fulfilled: bool, is_had: bool
) -> None:
    child = await registered(casework)
    guardian = await guarded(casework, child)
    request: dict[str, Any] = await asked(casework, child, kind)
    if fulfilled:
        request = (await decided(casework, request)).json()
    path = request["href"]
    assert (await casework.get(path)).status_code == 200
    answer = await casework.get(path, headers=guardian)
    if is_had:
        assert answer.json()["person_id"] == child["id"]
    else:
        assert_problem(answer, 409, "copy-not-released")


async def test_only_a_request_for_access_gives_a_copy(casework: httpx.AsyncClient) -> None:
    request = await asked(casework, await registered(casework), "objection")
    assert_problem(await casework.get(f"{REQUESTS}/{request['id']}/export"), 409, "copy-not-released")
