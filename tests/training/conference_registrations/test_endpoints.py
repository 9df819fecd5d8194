"""Registrations: places, the waiting list, and who may come."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.conferences.made import PAST, PERSON, opened, planned, register
from tests.training.conferences.test_endpoints import codes
from tests.training.groups.made import URL, Made, add_authority, add_programme, post, send

HERE = call_as("training_manager", subject="staff here")
ELSEWHERE = call_as("training_manager", subject="staff elsewhere", counties=["2401"])


def somebody(number: int) -> Made:
    """A person of no county of ours."""
    return call_as("screener", subject=f"person {number}", counties=["2401"])


async def own(client: httpx.AsyncClient, conference: Made, who: Made) -> Made:
    """One's own registration."""
    answer = await client.get(f"{URL}/conferences/{conference['id']}/registrations/own", headers=who)
    assert answer.status_code == 200, answer.text
    found: Made = answer.json()
    return found


async def withdraw(client: httpx.AsyncClient, conference: Made, registration: Made, who: Made) -> httpx.Response:
    """The answer to somebody who does not come after all."""
    path = f"/conferences/{conference['id']}/registrations/own/withdraw"
    return await send(client, path, None, registration, headers=who)


async def test_whoever_waits_longest_gets_the_place_that_somebody_gives_up(training: httpx.AsyncClient) -> None:
    conference = await opened(training, capacity=1)
    made = [(await register(training, conference, somebody(n))).json() for n in range(3)]
    assert [each["state"] for each in made] == ["registered", "waitlisted", "waitlisted"]
    assert_problem(await register(training, conference, somebody(1)), 409, "already-registered")
    assert_problem(await withdraw(training, conference, made[0], somebody(1)), 412, "version-mismatch")
    withdrawn = (await withdraw(training, conference, made[0], somebody(0))).json()
    assert (withdrawn["state"], withdrawn["name"]) == ("withdrawn", None)
    assert [(await own(training, conference, somebody(n)))["state"] for n in (1, 2)] == ["registered", "waitlisted"]
    seen = (await training.get(f"{URL}/conferences/{conference['id']}")).json()
    assert (seen["registered"], seen["waiting"], seen["version"]) == (1, 1, conference["version"])
    again = await register(training, conference, somebody(0))
    assert again.json()["state"] == "waitlisted"
    moved = await fetch(training, "SELECT subject FROM audit_records WHERE action = 'move_up'")
    assert [row.subject for row in moved] == [f"conference-registrations/{made[1]['id']}"]


async def test_more_places_let_exactly_as_many_move_up_and_fewer_than_taken_are_refused(
    training: httpx.AsyncClient,
) -> None:
    conference = await opened(training, capacity=1)
    for number in range(4):
        await register(training, conference, somebody(number))
    at = f"/conferences/{conference['id']}/resize"
    larger = await post(training, at, {"capacity": 3}, conference)
    assert (larger["capacity"], larger["registered"], larger["waiting"]) == (3, 3, 1)
    refused = await send(training, at, {"capacity": 2}, larger)
    assert codes(refused) == [("/capacity", "too_small")]
    assert refused.json()["registered"] == 3


async def test_staff_register_people_without_account_and_see_those_of_own_counties(
    training: httpx.AsyncClient,
) -> None:
    conference = await opened(training)
    body = PERSON | {"conference_id": conference["id"]}
    person = await post(training, "/conference-registrations", body, headers=HERE)
    await register(training, conference, somebody(1), county_terc="2401")
    refused = await send(training, "/conference-registrations", body | {"county_terc": "2401"}, headers=HERE)
    assert_problem(refused, 403, "outside-scope")
    for staff, counties in ((HERE, ["2469"]), (ELSEWHERE, ["2401"])):
        listed = await training.get(f"{URL}/conferences/{conference['id']}/registrations", headers=staff)
        assert [each["county_terc"] for each in listed.json()["items"]] == counties
    looks = await fetch(
        training,
        "SELECT detail FROM audit_records WHERE action = 'list_conference_registrations' AND actor = 'staff here'",
    )
    assert [row.detail["people"] for row in looks] == [[person["id"]]]
    path = f"/conference-registrations/{person['id']}/withdraw"
    assert_problem(await send(training, path, {}, person, headers=ELSEWHERE), 404, "registration-not-found")
    withdrawn = await post(training, path, {}, person, headers=HERE)
    assert withdrawn["name"] is None
    assert_problem(await send(training, path, {}, withdrawn, headers=HERE), 409, "state-conflict")
    told = await fetch(training, "SELECT 1 FROM events WHERE CAST(events AS text) LIKE '%Testowa%'")
    assert told == []


async def test_authorities_outside_the_test_come_only_where_a_conference_is_open_to_them(
    training: httpx.AsyncClient,
) -> None:
    programme, other = await add_programme(training), await add_programme(training)
    conference = await opened(training, programme_id=programme["id"], is_open_to_outsiders=False)
    tested = await add_authority(training, programme, 1)
    outsider = await add_authority(training, other, 2)
    facts: Made = {"audience": "local_authorities", "organisation": "Gmina"}
    who = somebody(1)
    for authority, wrong in (
        ({}, [("/authority_id", "missing")]),
        ({"authority_id": outsider}, [("/authority_id", "other_programme")]),
        ({"authority_id": tested, "county_terc": "2401"}, [("/county_terc", "contradicts")]),
        ({"authority_id": tested, "audience": "health_sector"}, [("/authority_id", "not_allowed")]),
        ({"audience": "social_sector"}, [("/audience", "not_listed")]),
    ):
        assert codes(await register(training, conference, who, **facts | authority)) == wrong
    answer = await register(training, conference, who, **facts, authority_id=tested)
    assert answer.json()["authority_id"] == tested
    public = await opened(training, programme_id=programme["id"])
    assert (await register(training, public, who, **facts, authority_id=outsider)).status_code == 201


async def test_nobody_registers_before_a_conference_opens_or_after_its_last_day_for_it(
    training: httpx.AsyncClient,
) -> None:
    conference = await planned(training)
    refused = assert_problem(await register(training, conference, somebody(1)), 409, "state-conflict")
    assert "open" in refused["allowed"]
    past = await opened(training, **PAST)
    refused = assert_problem(await register(training, past, somebody(1)), 409, "registration-closed")
    assert refused["registration_closes_at"] == "2023-09-29T22:00:00+00:00"
