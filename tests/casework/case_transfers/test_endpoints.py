"""A case moves to another county when that one accepts it: all of it, and the old county keeps its own record."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from services.casework.record_moves.rules import ABOUT, KEPT
from services.chassis.ground.clock import today
from tests.casework.case_transfers.made import RECEIVER, TO, TRANSFERS, allowed, case_with_plan, decided, proposed
from tests.casework.cases.made import CASES, moved, opened
from tests.casework.people.made import registered, tag
from tests.casework.plans.made import HEALTH, PLANS
from tests.casework.tasks.made import referred, relate
from tests.support.callers import OWN_INSTITUTION, call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch

PEOPLE = "/v1/casework/people"
MOTHER = call_as("guardian", subject="mother", counties=[], institution=None)


async def propose(client: httpx.AsyncClient, case: dict[str, Any], **facts: Any) -> httpx.Response:
    """The answer to a proposal."""
    return await client.post(TRANSFERS, json={**TO, "case_id": case["id"], **facts})


async def counties(client: httpx.AsyncClient, person: str) -> dict[str, set[str]]:
    """By table the counties of the rows about somebody, where there are any."""
    found = {}
    for table, owner in ABOUT.items():
        rows = await fetch(client, f"SELECT county_terc FROM {table} WHERE {owner} = :id", id=UUID(person))
        if rows:
            found[table] = {county for [county] in rows}
    return found


async def test_a_proposal_names_all_that_is_missing(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    referral = await referred(casework, case, OWN_INSTITUTION)
    refused = assert_problem(await propose(casework, case, to_county_terc="2469"), 409, "case-not-ready")
    assert refused["missing"] == ["receiving_county", "receiving_county_consent", "no_open_referrals"]
    await change(casework, "UPDATE referrals SET closed_at = now() WHERE id = :id", id=UUID(referral))
    refused = assert_problem(await propose(casework, case), 409, "case-not-ready")
    assert refused["missing"] == ["receiving_county_consent"]
    await allowed(casework, case["person_id"])
    transfer = (await propose(casework, case)).json()
    assert (transfer["state"], transfer["county_terc"], transfer["case_number"]) == ("proposed", "2469", case["number"])
    now = (await casework.get(f"{CASES}/{case['id']}")).json()
    assert (now["state"], now["version"]) == ("transferred", 2)
    refused = assert_problem(await propose(casework, case), 409, "state-conflict")
    assert refused["allowed"] == ["accept-transfer", "decline-transfer", "withdraw"]


async def test_a_transfer_is_seen_by_both_counties_and_the_case_by_the_old_one(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    transfer = await proposed(casework, case)
    path = f"{TRANSFERS}/{transfer['id']}"
    assert (await casework.get(path, headers=RECEIVER)).json() == (await casework.get(path)).json() == transfer
    assert_problem(await casework.get(f"{CASES}/{case['id']}", headers=RECEIVER), 404, "case-not-found")
    third = call_as("county_coordinator", counties=["1261"])
    assert_problem(await casework.get(path, headers=third), 404, "case-transfer-not-found")
    for own, verb in (({}, "accept"), ({}, "decline"), (RECEIVER, "withdraw")):
        body = {"reason": "x"} if verb == "decline" else None
        answer = await casework.post(f"{path}/{verb}", json=body, headers=own | tag(transfer))
        assert_problem(answer, 404, "case-transfer-not-found")
    listed = (await casework.get(TRANSFERS, params={"state": "proposed"}, headers=RECEIVER)).json()["items"]
    assert [each["id"] for each in listed] == [transfer["id"]]
    assert (await casework.get(TRANSFERS, headers=third)).json()["items"] == []


async def test_everything_of_the_child_moves_with_the_case(casework: httpx.AsyncClient) -> None:
    case = await case_with_plan(casework)
    child, mother = case["person_id"], case["mother_id"]
    await referred(casework, case, OWN_INSTITUTION)
    await change(casework, "UPDATE referrals SET closed_at = now()")
    transfer = await proposed(casework, case)
    before = await counties(casework, child)
    assert {"plans", "plan_steps", "case_steps", "referrals", "consents", "person_keys", "people"} <= {*before}
    await decided(casework, transfer, "accept")
    assert await counties(casework, child) == {table: {"2401"} for table in before}
    assert await counties(casework, mother) == {"people": {"2401"}, "person_keys": {"2401"}, "person_names": {"2401"}}
    now = (await casework.get(f"{CASES}/{case['id']}", headers=RECEIVER)).json()
    assert (now["state"], now["coordinator"], now["county_terc"]) == ("assessment", "receiver", "2401")
    assert (now["closed_on"], now["institution_id"]) == (None, TO["to_institution_id"])
    child_now = (await casework.get(f"{PEOPLE}/{child}", headers=RECEIVER)).json()
    assert child_now["mother_id"] == mother
    plans = (await casework.get(PLANS, params={"case_id": case["id"]}, headers=RECEIVER)).json()["items"]
    assert [plan["state"] for plan in plans] == ["active"]
    assert (await casework.get(f"{PLANS}/{plans[0]['id']}", headers=RECEIVER)).json()["goals"][0]["text"]
    timeline = (await casework.get(f"{CASES}/{case['id']}/timeline", headers=RECEIVER)).json()["items"]
    assert [entry["verb"] for entry in timeline if entry["kind"] == "case"][-2:] == ["transfer", "accept-transfer"]


async def test_the_old_county_sees_nothing_of_it_any_more(casework: httpx.AsyncClient) -> None:
    case = await case_with_plan(casework)
    await relate(casework, "mother", "guardian", case["person_id"])
    await relate(casework, "somebody", "break_glass", case["person_id"])
    assert (await casework.get(f"{CASES}/{case['id']}", headers=HEALTH)).status_code == 200
    await decided(casework, await proposed(casework, case), "accept")
    somebody = call_as("specialist", subject="somebody", counties=[], institution=None)
    for caller in ({}, HEALTH, somebody):
        assert_problem(await casework.get(f"{CASES}/{case['id']}", headers=caller), 404, "case-not-found")
        assert_problem(await casework.get(f"{PEOPLE}/{case['person_id']}", headers=caller), 404, "person-not-found")
        assert (await casework.get(PLANS, headers=caller)).json()["items"] == []
    assert (await casework.get(f"{CASES}/{case['id']}", headers=MOTHER)).status_code == 200
    members = (await casework.get(f"{CASES}/{case['id']}/members", headers=RECEIVER)).json()
    assert all(member["left_at"] for member in members["items"])


async def test_the_old_county_keeps_its_own_record_and_nothing_newer(casework: httpx.AsyncClient) -> None:
    case = await case_with_plan(casework)
    transfer = await proposed(casework, case)
    path = f"{TRANSFERS}/{transfer['id']}/record"
    assert_problem(await casework.get(path), 404, "case-transfer-not-found")
    await decided(casework, transfer, "accept")
    now = (await casework.get(f"{CASES}/{case['id']}", headers=RECEIVER)).json()
    await casework.patch(f"{CASES}/{case['id']}", json={"review_due_on": "2031-03-03"}, headers=RECEIVER | tag(now))
    answer = await casework.get(path)
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    assert {*rows} == {*KEPT}
    assert rows["cases"][0]["reason"] == "opóźniona mowa"
    assert (rows["cases"][0]["county_terc"], rows["cases"][0]["state"]) == ("2469", "transferred")
    assert rows["plan_steps"][0]["who"] == "Pani Basia"
    assert len(rows["case_members"]) == 3
    assert "2031-03-03" not in answer.text
    assert_problem(await casework.get(path, headers=RECEIVER), 404, "case-transfer-not-found")
    [[kept]] = await fetch(casework, "SELECT CAST(kept AS text) FROM case_transfers")
    assert "opóźniona".encode().hex() not in kept
    [[detail]] = await fetch(casework, "SELECT detail FROM audit_records WHERE action = 'get_kept_record'")
    assert detail["people"] == [case["person_id"]]
    await change(casework, "DELETE FROM person_keys")
    assert_problem(await casework.get(path), 410, "erased")


async def test_a_guardian_of_others_stays_and_the_new_county_has_a_record_of_its_own(
    casework: httpx.AsyncClient,
) -> None:
    case = await case_with_plan(casework)
    mother = case["mother_id"]
    sibling = {"kind": "expected", "born_on": None, "sex": None, "given_name": None, "family_name": None}
    other = await registered(casework, **sibling, expected_on="2027-05-05", mother_id=mother)
    await decided(casework, await proposed(casework, case), "accept")
    child = (await casework.get(f"{PEOPLE}/{case['person_id']}", headers=RECEIVER)).json()
    assert child["mother_id"] != mother
    copy = (await casework.get(f"{PEOPLE}/{child['mother_id']}", headers=RECEIVER)).json()
    assert (copy["given_name"], copy["born_on"], copy["county_terc"]) == ("Anna", "1990-04-05", "2401")
    assert (await casework.get(f"{PEOPLE}/{mother}")).json()["given_name"] == "Anna"
    assert (await casework.get(f"{PEOPLE}/{other['id']}")).json()["mother_id"] == mother
    approvals = await fetch(casework, "SELECT approver_id FROM plan_approvals WHERE approver_id IS NOT NULL")
    assert [str(approver) for [approver] in approvals] == [copy["id"]]
    keys = await fetch(
        casework, "SELECT wrapped FROM person_keys WHERE person_id IN (:a, :b)", a=UUID(mother), b=UUID(copy["id"])
    )
    assert len({wrapped for [wrapped] in keys}) == 2


async def test_a_guardian_whom_the_new_county_knows_is_not_copied(casework: httpx.AsyncClient) -> None:
    case = await case_with_plan(casework)
    await change(casework, "UPDATE people SET pesel_index = '\\x01' WHERE id = :id", id=UUID(case["mother_id"]))
    body = {"county_terc": "2401", "given_name": "Anna", "family_name": "Inna", "born_on": "1990-04-05"}
    known = (await casework.post(PEOPLE, json=body, headers=RECEIVER)).json()
    await change(casework, "UPDATE people SET pesel_index = '\\x01' WHERE id = :id", id=UUID(known["id"]))
    await decided(casework, await proposed(casework, case), "accept")
    child = (await casework.get(f"{PEOPLE}/{case['person_id']}", headers=RECEIVER)).json()
    assert child["mother_id"] == known["id"]
    assert (await casework.get(f"{PEOPLE}/{case['mother_id']}")).status_code == 200


async def test_a_guardian_who_was_erased_stays_and_one_who_is_restricted_stops_the_move(
    casework: httpx.AsyncClient,
) -> None:
    case = await case_with_plan(casework)
    transfer, mother = await proposed(casework, case), UUID(case["mother_id"])
    await change(casework, "UPDATE people SET restricted_at = now() WHERE id = :id", id=mother)
    answer = await casework.post(f"{TRANSFERS}/{transfer['id']}/accept", headers=RECEIVER | tag(transfer))
    assert_problem(answer, 423, "processing-restricted")
    await change(casework, "UPDATE people SET restricted_at = NULL, erased_at = now() WHERE id = :id", id=mother)
    await decided(casework, transfer, "accept")
    rows = await fetch(casework, "SELECT county_terc FROM people WHERE id = :id", id=mother)
    assert rows == [("2469",)]


async def test_a_child_whom_the_new_county_has_registered_is_not_taken_over_twice(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    transfer = await proposed(casework, case)
    body = {"county_terc": "2401", "given_name": "Zofia", "family_name": "Inna", "born_on": "2023-02-28"}
    await casework.post(PEOPLE, json=body, headers=RECEIVER)
    await change(casework, "UPDATE people SET pesel_index = '\\x02'")
    answer = await casework.post(f"{TRANSFERS}/{transfer['id']}/accept", headers=RECEIVER | tag(transfer))
    assert_problem(answer, 409, "person-already-registered")
    assert (await casework.get(f"{CASES}/{case['id']}")).json()["state"] == "transferred"


async def test_a_case_that_is_declined_or_taken_back_goes_on_as_it_was(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    await decided(casework, await proposed(casework, case), "decline", reason="family_not_here")
    assert (await casework.get(f"{CASES}/{case['id']}")).json()["state"] == "draft"
    transfer = await proposed(casework, case)
    path = f"{TRANSFERS}/{transfer['id']}/withdraw"
    assert_problem(await casework.post(path), 428, "precondition-required")
    after = (await casework.post(path, headers=tag(transfer))).json()
    assert (after["state"], after["decided_by"]) == ("withdrawn", "county_coordinator")
    assert_problem(await casework.post(path, headers=tag(after)), 409, "state-conflict")
    now = (await casework.get(f"{CASES}/{case['id']}")).json()
    assert (now["state"], now["closed_on"], now["county_terc"]) == ("draft", None, "2469")
    answer = await casework.post(f"{TRANSFERS}/{transfer['id']}/accept", headers=RECEIVER | tag(after))
    assert_problem(answer, 409, "state-conflict")


async def test_a_family_that_changes_its_mind_is_not_taken_over(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    transfer = await proposed(casework, case)
    accept = f"{TRANSFERS}/{transfer['id']}/accept"
    consents = (await casework.get("/v1/casework/consents", params={"person_id": case["person_id"]})).json()["items"]
    [consent] = [each for each in consents if each["recipient_institution_id"]]
    await casework.post(f"/v1/casework/consents/{consent['id']}/withdraw", headers=tag(consent))
    refused = assert_problem(await casework.post(accept, headers=RECEIVER | tag(transfer)), 409, "case-not-ready")
    assert refused["missing"] == ["receiving_county_consent"]
    now = (await casework.get(f"{CASES}/{case['id']}")).json()
    await moved(casework, now, "withdraw", reason="family_declined")
    assert_problem(await casework.post(accept, headers=RECEIVER | tag(transfer)), 409, "state-conflict")
    await decided(casework, transfer, "decline", reason="x")
    assert (await casework.get(f"{CASES}/{case['id']}")).json()["state"] == "withdrawn"


async def test_bases_of_the_old_county_end_and_the_named_one_carries_the_case_on(casework: httpx.AsyncClient) -> None:
    case = await case_with_plan(casework)
    await decided(casework, await proposed(casework, case), "accept")
    rows = await fetch(casework, "SELECT valid_to FROM consents WHERE recipient_institution_id IS NULL")
    assert rows == [(today() - timedelta(days=1),)]
    now = (await casework.get(f"{CASES}/{case['id']}", headers=RECEIVER)).json()
    answer = await casework.post(f"{CASES}/{case['id']}/consult-team", json={}, headers=RECEIVER | tag(now))
    missing = assert_problem(answer, 409, "case-not-ready")["missing"]
    assert "legal_basis" not in missing
    assert "team_health" in missing


async def test_whoever_still_writes_for_the_old_county_is_told_so(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    await decided(casework, await proposed(casework, case), "accept")
    path = f"{CASES}/{case['id']}"
    assert_problem(
        await casework.post(f"{path}/withdraw", json={"reason": "x"}, headers=tag(case)), 404, "case-not-found"
    )
    consent = {
        "basis": "statutory",
        "act": "x",
        "purpose": "casework",
        "categories": ["case"],
        "valid_from": "2026-01-01",
        "person_id": case["person_id"],
    }
    assert_problem(await casework.post("/v1/casework/consents", json=consent), 404, "person-not-found")


async def test_a_number_is_not_given_again_when_its_case_has_moved(casework: httpx.AsyncClient) -> None:
    first = await opened(casework)
    await decided(casework, await proposed(casework, first), "accept")
    assert [first["number"][-5:], (await opened(casework))["number"][-5:]] == ["00001", "00002"]


async def test_both_counties_are_told_of_a_move(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    transfer = await decided(casework, await proposed(casework, case), "accept")
    told = await fetch(
        casework, "SELECT county_terc, subject FROM events WHERE type = 'casework.case-transfer.accepted'"
    )
    assert sorted(told) == [(county, f"case-transfers/{transfer['id']}") for county in ("2401", "2469")]
