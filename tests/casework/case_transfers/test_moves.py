"""What moves with a case to another county, and what the old county keeps of its own."""

from uuid import UUID

import httpx

from services.casework.record_moves.rules import ABOUT, KEPT
from tests.casework.accounts.made import joined
from tests.casework.case_transfers.made import (
    RECEIVER,
    TO,
    TRANSFERS,
    case_with_plan,
    decided,
    proposed,
)
from tests.casework.cases.made import CASES, opened
from tests.casework.guardianships.made import GUARDIANSHIPS, RULING, begun
from tests.casework.people.made import registered, tag
from tests.casework.plans.made import HEALTH, PLANS
from tests.casework.tasks.made import referred, relate
from tests.support.callers import OWN_INSTITUTION, call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch

ACCOUNTS, PEOPLE = "/v1/casework/accounts", "/v1/casework/people"
MOTHER = call_as("guardian", subject="mother", counties=[], institution=None)


async def counties(client: httpx.AsyncClient, person: str) -> dict[str, set[str]]:
    """By table the counties of the rows about somebody, where there are any."""
    found = {}
    for table, owner in ABOUT.items():
        rows = await fetch(client, f"SELECT county_terc FROM {table} WHERE {owner} = :id", id=UUID(person))
        if rows:
            found[table] = {county for [county] in rows}
    return found


async def test_everything_of_the_child_moves_with_the_case(casework: httpx.AsyncClient) -> None:
    case = await case_with_plan(casework)
    child, mother = case["person_id"], case["mother_id"]
    await referred(casework, case, OWN_INSTITUTION)
    await change(casework, "UPDATE referrals SET closed_at = now()")
    transfer = await proposed(casework, case)
    before = await counties(casework, child)
    assert {
        "plans",
        "plan_steps",
        "case_steps",
        "referrals",
        "consents",
        "person_keys",
        "people",
    } <= {*before}
    await decided(casework, transfer, "accept")
    assert await counties(casework, child) == {table: {"2401"} for table in before}
    assert await counties(casework, mother) == {
        "people": {"2401"},
        "person_keys": {"2401"},
        "person_names": {"2401"},
    }
    now = (await casework.get(f"{CASES}/{case['id']}", headers=RECEIVER)).json()
    assert (now["state"], now["coordinator"], now["county_terc"]) == (
        "assessment",
        "receiver",
        "2401",
    )
    assert (now["closed_on"], now["institution_id"]) == (None, TO["to_institution_id"])
    child_now = (await casework.get(f"{PEOPLE}/{child}", headers=RECEIVER)).json()
    assert child_now["mother_id"] == mother
    plans = (await casework.get(PLANS, params={"case_id": case["id"]}, headers=RECEIVER)).json()["items"]
    assert [plan["state"] for plan in plans] == ["active"]
    assert (await casework.get(f"{PLANS}/{plans[0]['id']}", headers=RECEIVER)).json()["goals"][0]["text"]
    timeline = (await casework.get(f"{CASES}/{case['id']}/timeline", headers=RECEIVER)).json()["items"]
    assert [entry["verb"] for entry in timeline if entry["kind"] == "case"][-2:] == [
        "transfer",
        "accept-transfer",
    ]


async def test_the_old_county_sees_nothing_of_it_any_more(casework: httpx.AsyncClient) -> None:
    case = await case_with_plan(casework)
    await relate(casework, "mother", "guardian", case["person_id"])
    await relate(casework, "somebody", "break_glass", case["person_id"])
    assert (await casework.get(f"{CASES}/{case['id']}", headers=HEALTH)).status_code == 200
    await decided(casework, await proposed(casework, case), "accept")
    somebody = call_as("specialist", subject="somebody", counties=[], institution=None)
    for caller in ({}, HEALTH, somebody):
        assert_problem(await casework.get(f"{CASES}/{case['id']}", headers=caller), 404, "case-not-found")
        assert_problem(
            await casework.get(f"{PEOPLE}/{case['person_id']}", headers=caller),
            404,
            "person-not-found",
        )
        assert (await casework.get(PLANS, headers=caller)).json()["items"] == []
    assert (await casework.get(f"{CASES}/{case['id']}", headers=MOTHER)).status_code == 200
    members = (await casework.get(f"{CASES}/{case['id']}/members", headers=RECEIVER)).json()
    assert all(member["left_at"] for member in members["items"])


async def test_the_old_county_keeps_its_own_record_and_nothing_newer(
    casework: httpx.AsyncClient,
) -> None:
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
    sibling = {
        "kind": "expected",
        "born_on": None,
        "sex": None,
        "given_name": None,
        "family_name": None,
    }
    other = await registered(casework, **sibling, expected_on="2027-05-05", mother_id=mother)
    await decided(casework, await proposed(casework, case), "accept")
    child = (await casework.get(f"{PEOPLE}/{case['person_id']}", headers=RECEIVER)).json()
    assert child["mother_id"] != mother
    copy = (await casework.get(f"{PEOPLE}/{child['mother_id']}", headers=RECEIVER)).json()
    assert (copy["given_name"], copy["born_on"], copy["county_terc"]) == (
        "Anna",
        "1990-04-05",
        "2401",
    )
    assert (await casework.get(f"{PEOPLE}/{mother}")).json()["given_name"] == "Anna"
    assert (await casework.get(f"{PEOPLE}/{other['id']}")).json()["mother_id"] == mother
    approvals = await fetch(casework, "SELECT approver_id FROM plan_approvals WHERE approver_id IS NOT NULL")
    assert [str(approver) for [approver] in approvals] == [copy["id"]]
    keys = await fetch(
        casework,
        "SELECT wrapped FROM person_keys WHERE person_id IN (:a, :b)",
        a=UUID(mother),
        b=UUID(copy["id"]),
    )
    assert len({wrapped for [wrapped] in keys}) == 2


async def test_a_guardian_whom_the_new_county_knows_is_not_copied(
    casework: httpx.AsyncClient,
) -> None:
    case = await case_with_plan(casework)
    await change(
        casework,
        "UPDATE people SET pesel_index = '\\x01' WHERE id = :id",
        id=UUID(case["mother_id"]),
    )
    body = {
        "county_terc": "2401",
        "given_name": "Anna",
        "family_name": "Inna",
        "born_on": "1990-04-05",
    }
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
    await change(
        casework,
        "UPDATE people SET restricted_at = NULL, erased_at = now() WHERE id = :id",
        id=mother,
    )
    await decided(casework, transfer, "accept")
    rows = await fetch(casework, "SELECT county_terc FROM people WHERE id = :id", id=mother)
    assert rows == [("2469",)]


async def test_a_child_whom_the_new_county_has_registered_is_not_taken_over_twice(
    casework: httpx.AsyncClient,
) -> None:
    case = await opened(casework)
    transfer = await proposed(casework, case)
    body = {
        "county_terc": "2401",
        "given_name": "Zofia",
        "family_name": "Inna",
        "born_on": "2023-02-28",
    }
    await casework.post(PEOPLE, json=body, headers=RECEIVER)
    await change(casework, "UPDATE people SET pesel_index = '\\x02'")
    answer = await casework.post(f"{TRANSFERS}/{transfer['id']}/accept", headers=RECEIVER | tag(transfer))
    assert_problem(answer, 409, "person-already-registered")
    assert (await casework.get(f"{CASES}/{case['id']}")).json()["state"] == "transferred"


async def test_a_guardian_of_others_sees_the_child_in_both_counties_by_one_account(casework: httpx.AsyncClient) -> None:
    case = await case_with_plan(casework)
    mother = {"id": case["mother_id"]}
    other = await registered(casework, given_name="Ola")
    await begun(casework, other, mother)
    account = await joined(casework, mother, "anna")
    await decided(casework, await proposed(casework, case), "accept")
    child = f"{PEOPLE}/{case['person_id']}"
    for path in (child, f"{PEOPLE}/{other['id']}", f"{CASES}/{case['id']}"):
        assert (await casework.get(path, headers=account)).status_code == 200
    own = (await casework.get(f"{ACCOUNTS}/me", headers=account)).json()
    there = (await casework.get(child, headers=RECEIVER)).json()["mother_id"]
    assert own["person_ids"] == [mother["id"], there]
    assert {each["person_id"] for each in own["acts_for"]} == {case["person_id"], other["id"], mother["id"], there}
    looks = "SELECT county_terc FROM audit_records WHERE action = 'get_own_account'"
    assert {county for [county] in await fetch(casework, looks)} == {"2469", "2401"}
    # Each county says by itself when she no longer acts; of the other's record nothing changes by that.
    [running] = (await casework.get(ACCOUNTS, headers=RECEIVER)).json()["items"]
    ended = await casework.post(f"{ACCOUNTS}/{running['id']}/end", headers=RECEIVER | tag(running))
    assert ended.status_code == 200
    assert_problem(await casework.get(child, headers=account), 404, "person-not-found")
    assert (await casework.get(f"{PEOPLE}/{other['id']}", headers=account)).status_code == 200
    again = await casework.post(f"{PEOPLE}/{there}/account-codes", headers=RECEIVER | {"idempotency-key": "again"})
    answer = await casework.post(f"{ACCOUNTS}:join", json={"code": again.json()["code"]}, headers=account)
    assert (answer.status_code, answer.json()["person_ids"]) == (200, [mother["id"], there])
    assert (await casework.get(child, headers=account)).status_code == 200


async def test_a_guardianship_that_the_new_county_ends_closes_the_child_to_an_account_of_the_old_one(
    casework: httpx.AsyncClient,
) -> None:
    case = await case_with_plan(casework)
    carer, child = await registered(casework, given_name="Ewa", born_on="1980-01-01"), case["person_id"]
    facts = {"kind": "foster_carer", "scopes": ["support", "records"], "ruling": RULING, "starts_on": "2026-01-01"}
    await begun(casework, {"id": child}, carer, **facts)
    other = await registered(casework, given_name="Ola")
    await begun(casework, other, carer, **facts)
    account = await joined(casework, carer, "ewa")
    await decided(casework, await proposed(casework, case), "accept")
    listed = await casework.get(GUARDIANSHIPS, params={"child_id": child}, headers=RECEIVER)
    [one] = listed.json()["items"]
    assert one["guardian_id"] != carer["id"]
    assert (await casework.get(f"{PEOPLE}/{child}", headers=account)).status_code == 200
    body = {"ended_on": "2026-11-01", "reason": "court_decision"}
    ended = await casework.post(f"{GUARDIANSHIPS}/{one['id']}/end", json=body, headers=RECEIVER | tag(one))
    assert ended.status_code == 200, ended.text
    for path in (f"{PEOPLE}/{child}", f"{CASES}/{case['id']}"):
        assert (await casework.get(path, headers=account)).status_code == 404
    assert (await casework.get(f"{PEOPLE}/{other['id']}", headers=account)).status_code == 200
