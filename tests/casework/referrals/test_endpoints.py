"""Referrals to the county: handed in by whoever sees a need, and listed for whoever answers."""

from datetime import date
from typing import Any

import httpx
import pytest

from tests.casework.accounts.made import joined
from tests.casework.guardianships.made import family
from tests.casework.people.made import registered
from tests.casework.people.test_endpoints import rows
from tests.casework.referrals.made import (
    HANDED_IN,
    REFERRALS,
    SENDER,
    ask,
    handed_in,
    move,
    read,
    set_day,
)
from tests.support.callers import OTHER_INSTITUTION, call_as
from tests.support.problems import assert_problem

GUARDIAN = call_as("guardian", subject="mother", counties=[], institution=None)


async def test_a_sender_sees_how_its_referral_stands_and_nothing_of_the_child(casework: httpx.AsyncClient) -> None:
    referral = await handed_in(casework, SENDER)
    assert (referral["direction"], referral["state"], referral["source"]) == ("inbound", "sent", "counselling_centre")
    hidden = ("person_id", "subject_ref", "case_id", "note", "person", "pesel")
    assert [referral[name] for name in hidden] == [None] * len(hidden)
    assert await read(casework, referral, SENDER) == referral
    [item] = (await casework.get(REFERRALS, headers=SENDER)).json()["items"]
    assert (item["id"], item["person_id"]) == (referral["id"], None)
    another = call_as("screener", subject="another", institution=OTHER_INSTITUTION)
    answer = await casework.get(f"{REFERRALS}/{referral['id']}", headers=another)
    assert_problem(answer, 404, "referral-not-found")


async def test_a_sender_learns_by_no_filter_whom_its_referral_is_about(casework: httpx.AsyncClient) -> None:
    handed = await handed_in(casework, SENDER)
    child = {"person_id": (await read(casework, handed))["person_id"]}
    for name in ("person_id", "case_id", "screening_id"):
        query = child if name in child else {name: handed["id"]}
        assert (await casework.get(REFERRALS, headers=SENDER, params=query)).json()["items"] == []
    assert len((await casework.get(REFERRALS, params=child)).json()["items"]) == 1
    of_state = await casework.get(REFERRALS, headers=SENDER, params={"state": "sent"})
    assert [item["id"] for item in of_state.json()["items"]] == [handed["id"]]


async def test_a_coordinator_sees_whom_it_is_about_and_why(casework: httpx.AsyncClient) -> None:
    referral = await read(casework, await handed_in(casework, SENDER))
    assert referral["note"] == HANDED_IN["note"]
    child = (await casework.get(f"/v1/casework/people/{referral['person_id']}")).json()
    assert (child["family_name"], child["born_on"]) == ("Żółkiewska", "2023-02-28")
    assert referral["due_on"] > referral["sent_on"]
    kept = await rows(casework, "SELECT CAST(r AS text) FROM referrals AS r")
    assert HANDED_IN["note"].encode().hex() not in kept[0][0]
    looks = await rows(casework, "SELECT detail FROM audit_records WHERE action = 'get_referral'")
    assert [look["detail"]["people"] for look in looks] == [[referral["person_id"]]]


async def test_whether_somebody_like_that_is_known_is_not_told(casework: httpx.AsyncClient) -> None:
    known = await registered(casework, pesel="23222899984")
    described = {**HANDED_IN["person"], "pesel": known["pesel"]}
    of_known = await handed_in(casework, SENDER, person=described)
    of_unknown = await handed_in(casework, SENDER, person={**described, "pesel": None})
    same = {name for name in of_known if of_known[name] == of_unknown[name]}
    assert {*of_known} - same <= {"id", "changed_at", "steps"}
    seen = await read(casework, of_known)
    assert seen["pesel"] == known["pesel"]
    assert seen["person_id"] != known["id"]
    assert (await read(casework, of_unknown))["pesel"] is None


async def test_a_family_that_expects_a_child_is_referred_before_the_birth(casework: httpx.AsyncClient) -> None:
    expected = {"county_terc": "2469", "kind": "expected", "expected_on": "2026-12-24", "telephone": "600 000 000"}
    referral = await read(casework, await handed_in(casework, SENDER, source="expecting_family", person=expected))
    child = (await casework.get(f"/v1/casework/people/{referral['person_id']}")).json()
    assert (child["kind"], child["expected_on"], child["telephone"]) == ("expected", "2026-12-24", "600 000 000")


@pytest.mark.parametrize(
    ("facts", "place", "code"),
    [
        ({"person": {**HANDED_IN["person"], "born_on": "2199-01-01"}}, "/person/born_on", "in_future"),
        ({"person": None}, "", "exactly_one"),
        ({"person_id": "01990000-0000-7000-8000-0000000000c1"}, "", "exactly_one"),
        ({"source": "screening"}, "/source", "not_listed"),
    ],
)
async def test_a_referral_that_cannot_be_right_is_refused(
    casework: httpx.AsyncClient, facts: dict[str, Any], place: str, code: str
) -> None:
    answer = await casework.post(REFERRALS, json={**HANDED_IN, **facts}, headers=SENDER)
    [error] = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == (place, code)


async def test_nobody_hands_in_to_a_county_that_is_not_theirs(casework: httpx.AsyncClient) -> None:
    foreign = {**HANDED_IN, "person": {**HANDED_IN["person"], "county_terc": "2401"}}
    answer = await casework.post(REFERRALS, json=foreign, headers=SENDER)
    assert_problem(answer, 403, "outside-scope")


async def test_a_parent_refers_the_own_child_and_takes_it_back(casework: httpx.AsyncClient) -> None:
    child, parent, _ = await family(casework)
    other = await registered(casework)
    await joined(casework, parent, "mother")
    body = {"source": "parent", "person_id": child["id"], "note": "martwimy się"}
    answer = await casework.post(REFERRALS, json=body, headers=GUARDIAN)
    assert answer.status_code == 201, answer.text
    referral = answer.json()
    assert (referral["person_id"], referral["note"]) == (child["id"], "martwimy się")
    assert referral["institution_id"] is None
    foreign = await casework.post(REFERRALS, json={**body, "person_id": other["id"]}, headers=GUARDIAN)
    assert_problem(foreign, 404, "person-not-found")
    as_school = await casework.post(REFERRALS, json={**body, "source": "institution"}, headers=GUARDIAN)
    assert_problem(as_school, 422, "validation-failed")
    withdrawn = await move(casework, referral, "withdraw", GUARDIAN, reason="family_declined")
    assert withdrawn["state"] == "withdrawn"
    by_school = await handed_in(casework, source="institution", person=None, person_id=child["id"])
    refused = await ask(casework, by_school, "withdraw", GUARDIAN, reason="family_declined")
    assert_problem(refused, 403, "for-sender-only")


async def test_what_is_overdue_is_on_the_countys_list(
    casework: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, date(2026, 3, 2))
    late = await handed_in(casework)
    set_day(monkeypatch, date(2026, 3, 10))
    fresh = await handed_in(casework)

    async def listed(**query: str) -> list[str]:
        answer = await casework.get(REFERRALS, params=query)
        return [item["id"] for item in answer.json()["items"]]

    assert await listed(overdue="true") == [late["id"]]
    assert await listed(overdue="false") == [fresh["id"]]
    assert await listed(state="received") == []
    assert (await read(casework, late))["days_overdue"] == 1
    received = await move(casework, late, "receive")
    assert (received["due_on"], await listed(overdue="true")) == ("2026-03-16", [])


async def test_a_case_follows_from_a_referral_of_its_child(casework: httpx.AsyncClient) -> None:
    referral = await read(casework, await handed_in(casework, SENDER))
    body = {
        "person_id": referral["person_id"],
        "referral_id": referral["id"],
        "track": "early",
        "first_contact_on": "2026-01-02",
        "reason": "x",
    }
    case = await casework.post("/v1/casework/cases", json=body)
    assert case.status_code == 201, case.text
    assert case.json()["referral_id"] == referral["id"]
