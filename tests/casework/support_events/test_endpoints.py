"""What was given is recorded by who may, on days that can be, and annulled but never deleted."""

import uuid
from typing import Any

import httpx
import pytest

from tests.casework.cases.made import based, made, with_team
from tests.casework.people.made import registered, tag
from tests.casework.support_events.made import (
    EVENTS,
    ORGANISER,
    TODAY,
    days_ago,
    long_open,
    recorded,
    referred,
    related,
    support,
)
from tests.support.callers import OTHER_INSTITUTION, call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch

CASES = "/v1/casework/cases"
HEALTH = call_as("specialist", subject="health", counties=[], institution=OTHER_INSTITUTION)
PROVIDER = call_as("service_provider", counties=["2401"], institution=OTHER_INSTITUTION)


async def refusal(client: httpx.AsyncClient, body: dict[str, Any], *problem: Any, **headers: Any) -> dict[str, Any]:
    """The problem that a request to record is answered with."""
    answer = await client.post(EVENTS, json=body, headers=headers)
    return assert_problem(answer, *problem)


def codes(problem: dict[str, Any]) -> set[tuple[str, str]]:
    return {(error["pointer"], error["code"]) for error in problem["errors"]}


async def test_a_meeting_is_read_as_it_was_recorded_and_its_notes_are_sealed(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    event = await recorded(casework, support(case, notes="Zosia dmucha bańki"))
    read = (await casework.get(f"{EVENTS}/{event['id']}")).json()
    assert read == event
    assert {name: read[name] for name in ("notes", "minutes", "delivered_by", "group_id")} == {
        "notes": "Zosia dmucha bańki",
        "minutes": 45,
        "delivered_by": "county_coordinator",
        "group_id": None,
    }
    [row] = await fetch(casework, "SELECT sealed FROM support_events")
    assert "bańki".encode() not in row.sealed


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"occurred_on": "2199-01-01"}, {("/occurred_on", "in_future")}),
        ({"occurred_on": days_ago(401)}, {("/occurred_on", "before_opening")}),
        ({"occurred_on": "1900-01-01", "is_early_support": True}, {("/occurred_on", "before_opening")}),
        ({"form": "workshop", "is_early_support": True}, {("/form", "not_allowed")}),
        ({"minutes": 0}, {("/minutes", "too_small")}),
        ({"minutes": 1441}, {("/minutes", "too_large")}),
        ({"present": []}, {("/present", "too_short")}),
        ({"kind": "legal"}, {("/kind", "not_listed")}),
    ],
)
async def test_a_meeting_that_cannot_have_been_is_refused(
    casework: httpx.AsyncClient, facts: dict[str, Any], wrong: set[tuple[str, str]]
) -> None:
    case = await long_open(casework)
    assert codes(await refusal(casework, support(case, **facts), 422, "validation-failed")) == wrong


async def test_support_is_not_given_after_a_case_was_closed(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    ended = "UPDATE cases SET state = 'withdrawn', closed_on = CAST(:on AS date) WHERE id = :id RETURNING id"
    await fetch(casework, ended.replace(":on", f"'{days_ago(3)}'"), id=uuid.UUID(case["id"]))
    problem = await refusal(casework, support(case, occurred_on=days_ago(2)), 422, "validation-failed")
    assert codes(problem) == {("/occurred_on", "after_closing")}
    await recorded(casework, support(case, occurred_on=days_ago(3)))


async def test_who_was_there_is_of_the_family(casework: httpx.AsyncClient) -> None:
    mother, stranger = await registered(casework, given_name="Anna", born_on="1990-04-05"), await registered(casework)
    of_child = {"kind": "expected", "born_on": None, "sex": None, "given_name": None, "family_name": None}
    child = await registered(casework, **of_child, expected_on=TODAY.isoformat(), mother_id=mother["id"])
    case = await long_open(casework, person_id=child["id"])
    event = await recorded(casework, support(case, present=[mother["id"]]))
    assert event["present"] == [mother["id"]]
    body = support(case, present=[mother["id"], stranger["id"]])
    assert codes(await refusal(casework, body, 422, "unknown-reference")) == {("/present/1", "not_found")}


async def test_what_a_meeting_refers_to_is_of_the_case_and_of_the_institution(casework: httpx.AsyncClient) -> None:
    case, other = await long_open(casework), await long_open(casework)
    not_there = {
        "referral_id": [
            str(uuid.uuid4()),
            await referred(casework, other, ORGANISER),
            await referred(casework, case, OTHER_INSTITUTION),
            await referred(casework, case, ORGANISER, "sent"),
        ],
        "recommendation_id": [str(uuid.uuid4())],
    }
    for name, values in not_there.items():
        for value in values:
            problem = await refusal(casework, support(case, **{name: value}), 422, "unknown-reference")
            assert codes(problem) == {(f"/{name}", "not_found")}
    referral = await referred(casework, case, ORGANISER)
    assert (await recorded(casework, support(case, referral_id=referral)))["referral_id"] == referral


async def test_the_first_meeting_dates_the_case_and_an_annulled_one_does_not(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)

    async def first() -> tuple[str | None, int]:
        read = (await casework.get(f"{CASES}/{case['id']}")).json()
        return read["first_support_on"], read["version"]

    assert (await first())[0] is None
    later = await recorded(casework, support(case, occurred_on=days_ago(10)))
    on, version = await first()
    assert on == days_ago(10)
    await recorded(casework, support(case, occurred_on=days_ago(5)))
    assert await first() == (on, version)
    earlier = await recorded(casework, support(case, occurred_on=days_ago(20)))
    assert (await first())[0] == days_ago(20)
    for event, then in ((earlier, days_ago(10)), (later, days_ago(5))):
        path = f"{EVENTS}/{event['id']}/annul"
        await casework.post(path, json={"reason": "did_not_take_place"}, headers=tag(event))
        assert (await first())[0] == then


async def test_an_annulled_record_stays_with_its_reason_and_is_not_annulled_again(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    event = await recorded(casework, support(case))
    path = f"{EVENTS}/{event['id']}/annul"
    assert_problem(await casework.post(path, json={"reason": "other"}, headers=tag(event)), 422, "validation-failed")
    assert_problem(await casework.post(path, json={"reason": "wrong_child"}), 428, "precondition-required")
    annulled = await casework.post(path, json={"reason": "wrong_child"}, headers=tag(event))
    assert annulled.json()["annulling_reason"] == "wrong_child"
    again = await casework.post(path, json={"reason": "wrong_child"}, headers=tag(event))
    assert_problem(again, 412, "version-mismatch")
    again = await casework.post(path, json={"reason": "wrong_child"}, headers=tag(annulled.json()))
    assert assert_problem(again, 409, "state-conflict")["state"] == "annulled"
    for is_annulled, expected in (("true", [event["id"]]), ("false", [])):
        listed = await casework.get(EVENTS, params={"case_id": case["id"], "is_annulled": is_annulled})
        assert [one["id"] for one in listed.json()["items"]] == expected


async def test_a_list_is_narrowed_and_its_notes_are_opened(casework: httpx.AsyncClient) -> None:
    case, other = await long_open(casework), await long_open(casework)
    events = [
        await recorded(casework, support(one, occurred_on=days_ago(days), minutes=days, notes=f"{days}"))
        for one, days in ((case, 1), (case, 30), (other, 2))
    ]

    async def minutes(**query: str) -> list[int]:
        items = (await casework.get(EVENTS, params=query)).json()["items"]
        assert [item["notes"] for item in items] == [str(item["minutes"]) for item in items]
        return [item["minutes"] for item in items]

    assert await minutes() == [1, 2, 30]
    assert await minutes(case_id=case["id"]) == [1, 30]
    assert await minutes(person_id=other["person_id"]) == [2]
    assert await minutes(occurred_from=days_ago(2), occurred_to=days_ago(2)) == [2]
    assert await minutes(institution_id=OTHER_INSTITUTION) == []
    assert await minutes(county_terc="2469", form="individual_classes", kind="therapeutic") == [1, 2, 30]
    reads = "SELECT detail FROM audit_records WHERE action = 'list_support_events' ORDER BY id DESC LIMIT 1"
    [row] = await fetch(casework, reads)
    assert row.detail["people"] == sorted({case["person_id"], other["person_id"]})
    assert len(events) == 3


async def test_a_member_of_the_team_records_for_the_own_institution_alone(casework: httpx.AsyncClient) -> None:
    case = await based(casework, await long_open(casework))
    await with_team(casework, case)
    event = await casework.post(EVENTS, json=support(case, institution_id=None), headers=HEALTH)
    assert event.json()["institution_id"] == OTHER_INSTITUTION
    problem = await refusal(casework, support(case), 422, "validation-failed", **HEALTH)
    assert codes(problem) == {("/institution_id", "not_allowed")}
    nobody = call_as("county_coordinator", institution=None)
    problem = await refusal(casework, support(case, institution_id=None), 422, "validation-failed", **nobody)
    assert codes(problem) == {("/institution_id", "missing")}


async def test_a_provider_of_another_county_records_by_its_referral_and_sees_its_own_alone(
    casework: httpx.AsyncClient,
) -> None:
    case = await long_open(casework)
    of_others = await recorded(casework, support(case))
    referral = await referred(casework, case, OTHER_INSTITUTION)
    body = support(case, institution_id=None, referral_id=referral, notes="basen")
    await refusal(casework, body, 404, "case-not-found", **PROVIDER)
    await related(casework, f"institution:{OTHER_INSTITUTION}", "party", referral, case["person_id"])
    without = support(case, institution_id=None)
    problem = await refusal(casework, without, 422, "validation-failed", **PROVIDER)
    assert codes(problem) == {("/referral_id", "missing")}
    answer = await casework.post(EVENTS, json=body, headers=PROVIDER)
    assert answer.status_code == 201, answer.text
    event = answer.json()
    assert (event["institution_id"], event["notes"]) == (OTHER_INSTITUTION, "basen")
    listed = (await casework.get(EVENTS, headers=PROVIDER)).json()["items"]
    assert [(one["id"], one["notes"]) for one in listed] == [(event["id"], "basen")]
    unseen = await casework.get(f"{EVENTS}/{of_others['id']}", headers=PROVIDER)
    assert_problem(unseen, 404, "support-event-not-found")
    read = (await casework.get(f"{CASES}/{case['id']}")).json()
    assert read["first_support_on"] == TODAY.isoformat()
    annulled = await casework.post(
        f"{EVENTS}/{event['id']}/annul", json={"reason": "wrong_facts"}, headers={**PROVIDER, **tag(event)}
    )
    assert annulled.json()["annulled_by"] == "service_provider"


async def test_nothing_is_recorded_of_who_restricted_the_use_of_their_data(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    event = await recorded(casework, support(case))
    restrict = "UPDATE people SET restricted_at = now() WHERE id = :id RETURNING id"
    await fetch(casework, restrict, id=uuid.UUID(case["person_id"]))
    await refusal(casework, support(case), 423, "processing-restricted")
    path = f"{EVENTS}/{event['id']}/annul"
    answer = await casework.post(path, json={"reason": "wrong_child"}, headers=tag(event))
    assert_problem(answer, 423, "processing-restricted")


async def test_the_guardian_reads_what_the_child_was_given(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    event = await made(casework, "/support-events", support(case, notes="dobrze"))
    guardian = call_as("guardian", subject="mother", counties=[], institution=None)
    path = f"{EVENTS}/{event['id']}"
    assert_problem(await casework.get(path, headers=guardian), 404, "support-event-not-found")
    await related(casework, "account:mother", "guardian", case["person_id"])
    assert (await casework.get(path, headers=guardian)).json()["notes"] == "dobrze"
