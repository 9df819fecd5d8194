"""While processing is restricted what ends something goes on, and nothing else."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from services.casework.referral_transitions.actions import expire_referrals
from tests.casework.cases.made import CASES, consented, made
from tests.casework.data_subject_requests.made import asked, decided, erased
from tests.casework.guardianships.made import GUARDIANSHIPS, PARENT, guardianship
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.casework.referrals.made import PROVIDER, SENDER, ask, case_with_basis, handed_in, read, sent, set_day, walked
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.problems import assert_problem
from tests.support.records import app_of


@pytest.fixture(autouse=True)
async def registry() -> AsyncIterator[FakeRegistry]:
    """A registry in which places are reserved."""
    async with playing(FakeRegistry()) as fake:
        yield fake


async def restricted(client: httpx.AsyncClient, child: dict[str, Any]) -> None:
    """From now on nothing may be done with the child's data."""
    answer = await decided(client, await asked(client, child, "restriction"))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("verbs", [(), ("receive",), ("receive", "accept", "schedule", "complete")])
async def test_a_consent_is_withdrawn_with_the_referrals_that_rest_on_it(
    casework: httpx.AsyncClient, verbs: tuple[str, ...]
) -> None:
    case, consent = await case_with_basis(casework)
    referral = await walked(casework, await sent(casework, case), *verbs)
    await restricted(casework, {"id": case["person_id"]})
    withdrawn = await casework.post(f"/v1/casework/consents/{consent['id']}/withdraw", headers=tag(consent))
    assert (withdrawn.status_code, withdrawn.json()["withdrawn_at"] is None) == (200, False)
    after = await read(casework, referral)
    ended = ("completed", None) if "complete" in verbs else ("withdrawn", "consent_withdrawn")
    assert (after["state"], after["reason"]) == ended
    relations = await rows(casework, "SELECT FROM relations WHERE object_id::text = $1", case["person_id"])
    assert relations == [], "the institution sees the child no more"
    assert await rows(casework, "SELECT FROM disclosures WHERE state = 'queued'") == []


async def test_a_referral_is_withdrawn_and_does_not_move_on(casework: httpx.AsyncClient) -> None:
    case, _ = await case_with_basis(casework)
    referral = await sent(casework, case)
    await restricted(casework, {"id": case["person_id"]})
    assert_problem(await ask(casework, referral, "receive", PROVIDER), 423, "processing-restricted")
    taken_back = await ask(casework, referral, "withdraw", reason="other", note="rodzina tak chce")
    assert (taken_back.status_code, taken_back.json()["state"]) == (200, "withdrawn")


async def test_an_institution_declines_a_referral(casework: httpx.AsyncClient) -> None:
    case, _ = await case_with_basis(casework)
    referral = await walked(casework, await sent(casework, case), "receive")
    await restricted(casework, {"id": case["person_id"]})
    declined = await ask(casework, referral, "decline", PROVIDER, reason="no_capacity")
    assert (declined.status_code, declined.json()["state"]) == (200, "declined")


async def test_a_case_is_withdrawn_and_does_not_move_on(casework: httpx.AsyncClient) -> None:
    case = await consented(casework)
    await restricted(casework, {"id": case["person_id"]})
    case = (await casework.get(f"{CASES}/{case['id']}")).json()
    onwards = await casework.post(f"{CASES}/{case['id']}/assess", json={}, headers=tag(case))
    assert_problem(onwards, 423, "processing-restricted")
    ended = await casework.post(f"{CASES}/{case['id']}/withdraw", json={"reason": "family_declined"}, headers=tag(case))
    assert (ended.status_code, ended.json()["state"]) == (200, "withdrawn")


async def test_whoever_handed_a_referral_in_takes_it_back(casework: httpx.AsyncClient) -> None:
    referral = await handed_in(casework, SENDER)
    await restricted(casework, {"id": (await read(casework, referral))["person_id"]})
    taken_back = await ask(casework, referral, "withdraw", SENDER, reason="need_ceased")
    assert (taken_back.status_code, taken_back.json()["state"]) == (200, "withdrawn")


async def test_a_referral_expires_and_holds_up_no_others(
    casework: httpx.AsyncClient, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.service["free_places"] = 2
    set_day(monkeypatch, date(2026, 3, 2))
    cases = [(await case_with_basis(casework))[0] for _ in range(2)]
    late = [await sent(casework, case) for case in cases]
    await restricted(casework, {"id": cases[0]["person_id"]})
    set_day(monkeypatch, date(2026, 5, 2))
    await expire_referrals(app_of(casework).state.database)
    assert [(await read(casework, referral))["state"] for referral in late] == ["expired", "expired"]


async def test_a_guardianship_is_ended(casework: httpx.AsyncClient) -> None:
    child, parent = await registered(casework), await registered(casework, **PARENT)
    running = await made(casework, "/guardianships", guardianship(child, parent))
    await restricted(casework, child)
    end = {"ended_on": "2026-01-02", "reason": "court_decision"}
    ended = await casework.post(f"{GUARDIANSHIPS}/{running['id']}/end", json=end, headers=tag(running))
    assert (ended.status_code, ended.json()["ended_on"]) == (200, "2026-01-02")


@pytest.mark.parametrize("kind", ["objection", "access", "rectification"])
async def test_rights_are_asked_for_and_granted(casework: httpx.AsyncClient, kind: str) -> None:
    child = await registered(casework)
    await restricted(casework, child)
    granted = await decided(casework, await asked(casework, child, kind))
    assert (granted.status_code, granted.json()["state"]) == (200, "fulfilled")


async def test_whoever_has_an_open_referral_is_erased(casework: httpx.AsyncClient) -> None:
    case, _ = await case_with_basis(casework)
    await sent(casework, case)
    await restricted(casework, {"id": case["person_id"]})
    await erased(casework, {"id": case["person_id"]})
    assert_problem(await casework.get(f"{PEOPLE}/{case['person_id']}"), 410, "erased")
