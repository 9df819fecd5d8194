"""A case is offered to another county, which accepts or declines it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from services.chassis.ground.clock import today
from tests.casework.case_transfers.made import (
    RECEIVER,
    TO,
    TRANSFERS,
    allowed,
    case_with_plan,
    decided,
    proposed,
)
from tests.casework.cases.asks import CASE
from tests.casework.cases.made import CASES, moved, opened
from tests.casework.people.made import tag
from tests.casework.tasks.made import referred
from tests.support.callers import OWN_INSTITUTION, call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch


async def propose(client: httpx.AsyncClient, case: dict[str, Any], **facts: Any) -> httpx.Response:
    """The answer to a proposal."""
    return await client.post(TRANSFERS, json={**TO, "case_id": case["id"], **facts})


async def test_a_proposal_names_all_that_is_missing(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    referral = await referred(casework, case, OWN_INSTITUTION)
    refused = assert_problem(await propose(casework, case, to_county_terc="2469"), 409, "case-not-ready")
    assert refused["missing"] == [
        "receiving_county",
        "receiving_county_consent",
        "no_open_referrals",
    ]
    await change(casework, "UPDATE referrals SET closed_at = now() WHERE id = :id", id=UUID(referral))
    refused = assert_problem(await propose(casework, case), 409, "case-not-ready")
    assert refused["missing"] == ["receiving_county_consent"]
    await allowed(casework, case["person_id"])
    transfer = (await propose(casework, case)).json()
    assert (transfer["state"], transfer["county_terc"], transfer["case_number"]) == (
        "proposed",
        "2469",
        case["number"],
    )
    now = (await casework.get(f"{CASES}/{case['id']}")).json()
    assert (now["state"], now["version"]) == ("transferred", 2)
    refused = assert_problem(await propose(casework, case), 409, "state-conflict")
    assert refused["allowed"] == ["accept-transfer", "decline-transfer", "withdraw"]


async def test_while_another_county_is_asked_the_child_gets_no_second_case(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    transfer = await proposed(casework, case)
    second = {**CASE, "person_id": case["person_id"]}
    assert_problem(await casework.post(CASES, json=second), 409, "case-already-open")
    await decided(casework, transfer, "decline", reason="no_capacity")
    back = (await casework.get(f"{CASES}/{case['id']}")).json()
    assert (back["state"], back["closed_on"]) == (case["state"], None)


async def test_a_transfer_is_seen_by_both_counties_and_the_case_by_the_old_one(
    casework: httpx.AsyncClient,
) -> None:
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


async def test_a_case_that_is_declined_or_taken_back_goes_on_as_it_was(
    casework: httpx.AsyncClient,
) -> None:
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


async def test_a_family_that_changes_its_mind_is_not_taken_over(
    casework: httpx.AsyncClient,
) -> None:
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


async def test_bases_of_the_old_county_end_and_the_named_one_carries_the_case_on(
    casework: httpx.AsyncClient,
) -> None:
    case = await case_with_plan(casework)
    await decided(casework, await proposed(casework, case), "accept")
    rows = await fetch(casework, "SELECT valid_to FROM consents WHERE recipient_institution_id IS NULL")
    assert rows == [(today() - timedelta(days=1),)]
    now = (await casework.get(f"{CASES}/{case['id']}", headers=RECEIVER)).json()
    answer = await casework.post(f"{CASES}/{case['id']}/consult-team", json={}, headers=RECEIVER | tag(now))
    missing = assert_problem(answer, 409, "case-not-ready")["missing"]
    assert "legal_basis" not in missing
    assert "team_health" in missing


async def test_whoever_still_writes_for_the_old_county_is_told_so(
    casework: httpx.AsyncClient,
) -> None:
    case = await opened(casework)
    await decided(casework, await proposed(casework, case), "accept")
    path = f"{CASES}/{case['id']}"
    assert_problem(
        await casework.post(f"{path}/withdraw", json={"reason": "x"}, headers=tag(case)),
        404,
        "case-not-found",
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


async def test_a_number_is_not_given_again_when_its_case_has_moved(
    casework: httpx.AsyncClient,
) -> None:
    first = await opened(casework)
    await decided(casework, await proposed(casework, first), "accept")
    assert [first["number"][-5:], (await opened(casework))["number"][-5:]] == ["00001", "00002"]


async def test_both_counties_are_told_of_a_move(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    transfer = await decided(casework, await proposed(casework, case), "accept")
    told = await fetch(
        casework,
        "SELECT county_terc, subject FROM events WHERE type = 'casework.case-transfer.accepted'",
    )
    assert sorted(told) == [(county, f"case-transfers/{transfer['id']}") for county in ("2401", "2469")]
