"""A child is referred to a support service: the registry is asked first, and the institution sees what was agreed."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from tests.casework.cases.made import made, opened
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.casework.referrals.made import (
    PROVIDER,
    PURPOSE,
    REFERRALS,
    STRANGER,
    ask,
    case_with_basis,
    read,
    send,
    sent,
    set_day,
    walked,
)
from tests.casework.referrals.registries import SERVICE, FakeRegistry, playing
from tests.support.callers import OTHER_INSTITUTION, OWN_INSTITUTION
from tests.support.problems import assert_problem
from tests.support.records import change, fetch


@pytest.fixture
async def registry() -> AsyncIterator[FakeRegistry]:
    async with playing(FakeRegistry()) as registry:
        yield registry


async def nothing_is_written(client: httpx.AsyncClient) -> bool:
    return not await rows(client, "SELECT FROM referrals") and not await rows(client, "SELECT FROM disclosures")


async def test_a_child_is_referred_and_a_place_is_held(casework: httpx.AsyncClient, registry: FakeRegistry) -> None:
    case, consent = await case_with_basis(casework)
    referral = await sent(casework, case, note="najlepiej rano")
    assert (referral["direction"], referral["state"], referral["source"]) == ("outbound", "sent", "case_team")
    assert (referral["person_id"], referral["case_id"]) == (case["person_id"], case["id"])
    assert (referral["institution_id"], referral["service_county_terc"]) == (OTHER_INSTITUTION, "2401")
    assert (referral["note"], referral["allowed"]) == ("najlepiej rano", ["withdraw"])
    [reservation] = registry.held.values()
    assert (reservation["state"], reservation["of"]) == ("reserved", referral["id"])
    assert await read(casework, referral) == referral
    [disclosure] = await rows(casework, "SELECT state, consent_id::text, referral_id::text FROM disclosures")
    assert tuple(disclosure) == ("queued", consent["id"], referral["id"])
    [kept] = await rows(casework, "SELECT CAST(r AS text) FROM referrals AS r")
    assert "rano" not in kept[0]
    assert b"rano".hex() not in kept[0]


async def test_the_registry_is_told_an_age_documents_and_a_day_and_nothing_else(
    casework: httpx.AsyncClient, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, date(2026, 3, 2))
    case, _ = await case_with_basis(casework)
    referral = await sent(casework, case)
    assert registry.bodies == [
        {
            "referral_reference": referral["id"],
            "expires_at": "2026-03-16T23:59:59.999999+01:00",
            "age_months": 36,
            "documents": [],
        }
    ]


async def test_of_the_familys_documents_the_registry_is_told_those_that_the_service_asks_for(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    add = (
        "INSERT INTO documents (county_terc, person_id, kind, issued_on, recorded_by, sealed)"
        " VALUES ('2469', $1, $2, '2026-01-01', 'a', '') RETURNING 1"
    )
    for kind in ("disability_ruling", "individual_teaching_ruling", "medical_certificate"):
        await rows(casework, add, case["person_id"], kind)
    registry.service["eligibility_documents"] = ["disability_ruling", "special_education_ruling"]
    await sent(casework, case)
    assert [told["documents"] for told in registry.bodies] == [["disability_ruling"]]


async def test_without_a_consent_for_this_institution_nothing_is_held_or_written(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework, recipient_institution_id=OWN_INSTITUTION)
    problem = assert_problem(await send(casework, case), 403, "consent-required")
    assert (problem["purpose"], problem["missing"]) == ("referral", ["identity"])
    assert registry.held == {}
    assert await nothing_is_written(casework)


async def test_a_consent_covers_the_categories_that_it_names(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    problem = assert_problem(await send(casework, case, categories=["identity", "plan"]), 403, "consent-required")
    assert problem["missing"] == ["plan"]
    assert registry.held == {}


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({"age_from_months": 120, "age_to_months": 200}, ["too_young"]),
        ({"age_to_months": 3}, ["too_old"]),
        ({"eligibility_documents": ["disability_ruling"]}, ["lacks_document"]),
        ({"offered_to": "2020-01-01", "age_to_months": 3}, ["not_offered", "too_old"]),
    ],
)
async def test_a_service_that_is_not_for_the_child_is_refused_with_every_reason(
    casework: httpx.AsyncClient, registry: FakeRegistry, facts: dict[str, Any], reasons: list[str]
) -> None:
    case, _ = await case_with_basis(casework)
    registry.service |= facts
    problem = assert_problem(await send(casework, case), 409, "service-not-suitable")
    assert problem["reasons"] == reasons
    assert await nothing_is_written(casework)
    assert registry.held == {}


@pytest.mark.parametrize(("groups", "status"), [(["expecting_family"], 201), ([], 201), (["child"], 409)])
async def test_the_family_of_a_child_who_is_expected_is_referred_where_such_families_are_supported(
    casework: httpx.AsyncClient, registry: FakeRegistry, groups: list[str], status: int
) -> None:
    mother = await registered(casework, given_name="Anna", born_on="1990-04-05")
    of_child = {"kind": "expected", "born_on": None, "sex": None, "given_name": None, "family_name": None}
    child = await registered(casework, **of_child, expected_on="2026-12-24", mother_id=mother["id"])
    case = await opened(casework, person_id=child["id"])
    await made(casework, "/consents", {**PURPOSE, "person_id": child["id"]})
    registry.service |= {"target_groups": groups, "age_from_months": 12}
    answer = await send(casework, case)
    assert answer.status_code == status, answer.text
    assert [told["age_months"] for told in registry.bodies] == [None] * (status == 201)


async def test_where_no_place_is_left_nothing_is_written(casework: httpx.AsyncClient, registry: FakeRegistry) -> None:
    registry.service["free_places"] = 0
    case, _ = await case_with_basis(casework)
    assert_problem(await send(casework, case), 409, "no-place-left")
    assert await nothing_is_written(casework)


async def test_a_service_that_there_is_not_is_named(casework: httpx.AsyncClient, registry: FakeRegistry) -> None:
    case, _ = await case_with_basis(casework)
    registry.service["id"] = OWN_INSTITUTION
    [error] = assert_problem(await send(casework, case), 422, "unknown-reference")["errors"]
    assert (error["pointer"], error["code"]) == ("/support_service_id", "not_found")


async def test_a_registry_that_is_silent_or_not_set_is_not_guessed(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    registry.is_silent = True
    assert_problem(await send(casework, case), 503, "registry-silent")
    assert await nothing_is_written(casework)


async def test_without_a_registry_nobody_is_referred_to_a_service(casework: httpx.AsyncClient) -> None:
    case, _ = await case_with_basis(casework)
    assert_problem(await send(casework, case), 503, "registry-silent")


async def test_a_case_that_is_over_refers_nobody(casework: httpx.AsyncClient, registry: FakeRegistry) -> None:
    case, _ = await case_with_basis(casework)
    path = f"/v1/casework/cases/{case['id']}/withdraw"
    await casework.post(path, json={"reason": "family_declined"}, headers=tag(case))
    assert_problem(await send(casework, case), 409, "state-conflict")
    assert registry.asked == []


async def test_a_recommendation_is_one_of_the_case(casework: httpx.AsyncClient, registry: FakeRegistry) -> None:
    case, _ = await case_with_basis(casework)
    answer = await send(casework, case, recommendation_id=case["id"])
    [error] = assert_problem(answer, 422, "unknown-reference")["errors"]
    assert error["pointer"] == "/recommendation_id"


async def test_the_institution_sees_the_child_from_the_receipt_on(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    referral = await sent(casework, case, note="najlepiej rano")
    waiting = await read(casework, referral, PROVIDER)
    assert [waiting[name] for name in ("person_id", "case_id", "person", "note")] == [None] * 4
    assert (waiting["categories"], waiting["allowed"]) == ([], ["receive"])
    received = await walked(casework, waiting, "receive")
    assert received["categories"] == ["identity"]
    assert received["note"] == "najlepiej rano"
    person = received["person"]
    assert (person["given_name"], person["born_on"], person["telephone"]) == ("Zofia", "2023-02-28", "600 000 000")
    assert "pesel" not in person
    [disclosure] = await rows(casework, "SELECT state, sent_at FROM disclosures")
    assert disclosure["state"] == "sent"
    assert disclosure["sent_at"] is not None
    await read(casework, referral, PROVIDER)
    noted = "SELECT detail->>'category' FROM audit_records WHERE actor = 'provider' AND action = 'get_referral'"
    assert [row[0] for row in await rows(casework, f"{noted} ORDER BY id")] == ["referrals", "identity"]


@pytest.mark.parametrize("is_sent", [True, False])
async def test_a_disclosure_has_changed_when_it_is_sent_or_stopped(
    casework: httpx.AsyncClient, registry: FakeRegistry, is_sent: bool
) -> None:
    case, consent = await case_with_basis(casework)
    referral = await sent(casework, case)
    await change(casework, "UPDATE disclosures SET changed_at = '2026-01-02'")
    if is_sent:
        await walked(casework, await read(casework, referral, PROVIDER), "receive")
    else:
        await casework.post(f"/v1/casework/consents/{consent['id']}/withdraw", headers=tag(consent))
    [(is_changed,)] = await fetch(casework, "SELECT changed_at = now() FROM disclosures WHERE version = 2")
    assert is_changed


async def test_a_list_of_an_institution_names_no_child(casework: httpx.AsyncClient, registry: FakeRegistry) -> None:
    case, _ = await case_with_basis(casework)
    await walked(casework, await sent(casework, case), "receive")
    [item] = (await casework.get(REFERRALS, headers=PROVIDER)).json()["items"]
    assert item["state"] == "received"
    assert [item[name] for name in ("person_id", "case_id", "recommendation_id")] == [None] * 3
    [own] = (await casework.get(REFERRALS)).json()["items"]
    assert own["person_id"] == case["person_id"]


async def test_another_institution_sees_nothing_and_answers_nothing(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    referral = await sent(casework, case)
    assert (await casework.get(REFERRALS, headers=STRANGER)).json()["items"] == []
    answer = await casework.get(f"{REFERRALS}/{referral['id']}", headers=STRANGER)
    assert_problem(answer, 404, "referral-not-found")
    assert_problem(await ask(casework, referral, "receive", STRANGER), 404, "referral-not-found")
    assert_problem(await ask(casework, referral, "receive"), 403, "for-receiver-only")


async def test_only_references_of_what_was_disclosed_are_shown(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    add = (
        "INSERT INTO assessments (county_terc, case_id, person_id, kind, state, assessed_on, assessor, sector, sealed)"
        " VALUES ('2469', $1, $2, 'icf', 'completed', '2026-01-01', 'a', 'health', '') RETURNING id::text"
    )
    [[assessment]] = await rows(casework, add, case["id"], case["person_id"])
    both = await walked(casework, await sent(casework, case, categories=["identity", "assessment"]), "receive")
    assert both["references"] == [{"category": "assessment", "id": assessment}]
    registry.service = {**SERVICE, "free_places": 2}
    only_assessment = await walked(casework, await sent(casework, case, categories=["assessment"]), "receive")
    assert only_assessment["person"] is None
    assert only_assessment["references"] == both["references"]
