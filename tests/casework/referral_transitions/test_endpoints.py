"""A referral moves on by whoever it is for, ends with a reason, and its place comes back."""

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from services.casework.place_releases.actions import give_places_back
from services.casework.referral_transitions.actions import expire_referrals
from tests.casework.people.made import tag
from tests.casework.people.test_endpoints import rows
from tests.casework.referrals.made import (
    PROVIDER,
    REFERRALS,
    SENDER,
    ask,
    case_with_basis,
    handed_in,
    move,
    read,
    sent,
    set_day,
    walked,
)
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.problems import assert_problem
from tests.support.records import app_of

PARTIES = "SELECT object_id::text FROM relations WHERE kind = 'party' ORDER BY object_id"


@pytest.fixture
async def registry() -> AsyncIterator[FakeRegistry]:
    async with playing(FakeRegistry()) as registry:
        yield registry


async def pay(client: httpx.AsyncClient) -> None:
    """Give back what is owed to the registry."""
    await give_places_back(app_of(client).state.database)


async def test_a_referral_is_accepted_with_its_place_and_gives_it_back_when_completed(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    referral = await walked(casework, await sent(casework, case), "receive", "accept")
    assert registry.states == ["taken"]
    assert referral["allowed"] == ["schedule"]
    completed = await walked(casework, referral, "schedule", "complete")
    steps = [(step["state"], step["by"]) for step in completed["steps"]]
    states = ("received", "accepted", "scheduled", "completed")
    assert steps == [("sent", "county_coordinator"), *[(state, "provider") for state in states]]
    assert (completed["allowed"], completed["days_overdue"]) == ([], 0)
    assert registry.states == ["taken"], "the registry is not asked in the transaction"
    await pay(casework)
    assert registry.states == ["released"]
    # Whoever gave the support sees the child on, while the basis holds.
    assert (await read(casework, referral, PROVIDER))["person"]["given_name"] == "Zofia"


@pytest.mark.parametrize(
    ("walk", "verb", "body"),
    [
        (("receive",), "decline", {"reason": "wrong_service"}),
        (("receive", "accept", "schedule"), "record-no-show", {}),
    ],
)
async def test_whoever_gives_no_support_gives_the_place_back_and_sees_the_child_no_more(
    casework: httpx.AsyncClient, registry: FakeRegistry, walk: tuple[str, ...], verb: str, body: dict[str, str]
) -> None:
    case, _ = await case_with_basis(casework)
    referral = await walked(casework, await sent(casework, case, note="rano"), *walk)
    ended = await move(casework, referral, verb, PROVIDER, **body)
    assert (ended["person"], ended["person_id"], ended["note"]) == (None, None, None)
    assert [row[0] for row in await rows(casework, PARTIES)] == [referral["id"]]
    await pay(casework)
    assert registry.states == ["released"]
    whole = await read(casework, referral)
    assert (whole["reason"], whole["note"]) == (body.get("reason"), "rano")


async def test_the_words_of_a_refusal_are_sealed_and_read_by_the_sender(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    referral = await walked(casework, await sent(casework, case, note="rano"), "receive")
    without = await ask(casework, referral, "decline", PROVIDER, reason="other")
    assert assert_problem(without, 422, "validation-failed")["errors"][0]["pointer"] == "/note"
    await move(casework, referral, "decline", PROVIDER, reason="other", note="terapeutka odeszła")
    [kept] = await rows(casework, "SELECT CAST(r AS text) FROM referrals AS r")
    assert b"terapeutka".hex() not in kept[0]
    assert "terapeutka" not in kept[0]
    whole = await read(casework, referral)
    assert (whole["answer"], whole["note"]) == ("terapeutka odeszła", "rano")


async def test_a_verb_too_early_or_twice_changes_nothing(casework: httpx.AsyncClient, registry: FakeRegistry) -> None:
    case, _ = await case_with_basis(casework)
    referral = await sent(casework, case)
    early = assert_problem(await ask(casework, referral, "accept", PROVIDER), 409, "state-conflict")
    assert (early["state"], early["allowed"]) == ("sent", ["receive", "withdraw"])
    received = await walked(casework, referral, "receive")
    assert_problem(await ask(casework, received, "receive", PROVIDER), 409, "state-conflict")
    assert_problem(await ask(casework, referral, "accept", PROVIDER), 412, "version-mismatch")
    assert registry.states == ["reserved"]
    meeting = {"scheduled_at": "2020-01-01T09:00:00+01:00"}
    accepted = await walked(casework, received, "accept")
    past = await ask(casework, accepted, "schedule", PROVIDER, **meeting)
    assert assert_problem(past, 422, "validation-failed")["errors"][0]["code"] == "in_past"


async def test_a_place_whose_time_was_over_is_taken_anew_or_refused(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    referral = await walked(casework, await sent(casework, case), "receive")
    registry.let_expire()
    registry.service["free_places"] = 0
    assert_problem(await ask(casework, referral, "accept", PROVIDER), 409, "no-place-left")
    assert (await read(casework, referral))["state"] == "received"
    registry.service["free_places"] = 1
    await walked(casework, referral, "accept")
    assert registry.states == ["expired", "taken"]


async def test_a_silent_registry_keeps_nobody_from_ending_and_loses_no_place(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    referral = await walked(casework, await sent(casework, case), "receive")
    registry.is_silent = True
    assert_problem(await ask(casework, referral, "accept", PROVIDER), 503, "registry-silent")
    await move(casework, referral, "decline", PROVIDER, reason="no_capacity")
    await pay(casework)
    assert registry.states == ["reserved"]
    registry.is_silent = False
    await rows(casework, "UPDATE place_releases SET due_at = now() RETURNING 1")
    await pay(casework)
    assert registry.states == ["released"]


async def test_a_sender_withdraws_what_goes_out_and_nobody_else_does(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(casework)
    referral = await sent(casework, case)
    foreign = await ask(casework, referral, "withdraw", PROVIDER, reason="need_ceased")
    assert_problem(foreign, 403, "for-sender-only")
    withdrawn = await move(casework, referral, "withdraw", reason="need_ceased")
    assert (withdrawn["state"], withdrawn["reason"]) == ("withdrawn", "need_ceased")
    [disclosure] = await rows(casework, "SELECT state, stopping_reason FROM disclosures")
    assert tuple(disclosure) == ("stopped", "referral_ended")
    await pay(casework)
    assert registry.states == ["released"]


async def test_what_waits_on_a_withdrawn_consent_is_withdrawn_with_it(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, consent = await case_with_basis(casework)
    referral = await sent(casework, case)
    answer = await casework.post(f"/v1/casework/consents/{consent['id']}/withdraw", headers=tag(consent))
    assert answer.status_code == 200, answer.text
    after = await read(casework, referral, PROVIDER)
    assert (after["state"], after["reason"], after["person"]) == ("withdrawn", "consent_withdrawn", None)
    [disclosure] = await rows(casework, "SELECT state, sent_at, stopping_reason FROM disclosures")
    assert tuple(disclosure) == ("stopped", None, "consent_withdrawn")
    assert_problem(await ask(casework, after, "receive", PROVIDER), 409, "state-conflict")
    await pay(casework)
    assert registry.states == ["released"]


@pytest.mark.parametrize("walk", [("receive",), ("receive", "accept", "schedule", "complete")])
async def test_a_withdrawn_consent_ends_the_sight_of_what_was_received(
    casework: httpx.AsyncClient, registry: FakeRegistry, walk: tuple[str, ...]
) -> None:
    case, consent = await case_with_basis(casework)
    referral = await sent(casework, case, note="rano")
    path, key = f"/v1/casework/referrals/{referral['id']}/receive", {"idempotency-key": "receive"}
    receiving = PROVIDER | tag(referral) | key
    referral = (await casework.post(path, headers=receiving)).json()
    assert (await casework.post(path, headers=receiving)).json()["person"]["given_name"] == "Zofia"
    referral = await walked(casework, referral, *walk[1:])
    assert len(await rows(casework, PARTIES)) == 2
    await casework.post(f"/v1/casework/consents/{consent['id']}/withdraw", headers=tag(consent))
    after = await read(casework, referral, PROVIDER)
    assert [after[name] for name in ("person", "person_id", "case_id", "note")] == [None] * 4
    assert after["state"] == ("completed" if "complete" in walk else "withdrawn")
    assert_problem(await casework.post(path, headers=receiving), 410, "erased")
    assert [row[0] for row in await rows(casework, PARTIES)] == [referral["id"]]
    [disclosure] = await rows(casework, "SELECT state FROM disclosures")
    assert disclosure["state"] == "sent", "what was passed on stays on record"


async def test_a_child_referred_twice_is_seen_until_the_second_ends(
    casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    registry.service["free_places"] = 2
    case, _ = await case_with_basis(casework)
    first, second = [await walked(casework, await sent(casework, case), "receive") for _ in range(2)]
    await move(casework, first, "decline", PROVIDER, reason="wrong_service")
    assert (await read(casework, second, PROVIDER))["person"]["given_name"] == "Zofia"
    assert len(await rows(casework, PARTIES)) == 3
    await move(casework, second, "decline", PROVIDER, reason="wrong_service")
    assert len(await rows(casework, PARTIES)) == 2


async def test_a_consent_whose_time_is_over_shows_nothing_and_lets_nobody_receive(
    casework: httpx.AsyncClient, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.service["free_places"] = 2
    set_day(monkeypatch, date(2026, 3, 2))
    case, _ = await case_with_basis(casework, valid_to="2026-03-04")
    seen, waiting = [await sent(casework, case) for _ in range(2)]
    seen = await walked(casework, seen, "receive")
    set_day(monkeypatch, date(2026, 3, 5))
    assert (await read(casework, seen, PROVIDER))["person"] is None
    assert_problem(await ask(casework, waiting, "receive", PROVIDER), 403, "consent-required")
    assert_problem(await ask(casework, seen, "accept", PROVIDER), 403, "consent-required")
    assert registry.states == ["reserved"] * 2


async def test_what_nobody_schedules_in_time_expires_and_gives_its_place_back(
    casework: httpx.AsyncClient, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.service["free_places"] = 2
    set_day(monkeypatch, date(2026, 3, 2))
    case, _ = await case_with_basis(casework)
    late, kept = [await walked(casework, await sent(casework, case), "receive", "accept") for _ in range(2)]
    kept = await walked(casework, kept, "schedule")
    incoming = await handed_in(casework)
    database = app_of(casework).state.database
    for day, states in ((date(2026, 5, 1), "accepted"), (date(2026, 5, 2), "expired")):
        set_day(monkeypatch, day)
        await expire_referrals(database)
        assert (await read(casework, late))["state"] == states
    assert (await read(casework, kept))["state"] == "scheduled"
    await pay(casework)
    assert registry.states == ["released", "taken"]
    overdue = (await casework.get(REFERRALS, params={"overdue": "true"})).json()["items"]
    assert [item["id"] for item in overdue] == [incoming["id"]], "what came in stays until somebody answers"


async def test_a_county_answers_what_came_in_and_its_sender_takes_it_back(casework: httpx.AsyncClient) -> None:
    referral = await handed_in(casework, SENDER)
    assert referral["allowed"] == ["withdraw"]
    assert_problem(await ask(casework, referral, "receive", SENDER), 403, "forbidden")
    accepted = await move(casework, await move(casework, referral, "receive"), "accept")
    assert accepted["allowed"] == ["schedule", "withdraw"]
    assert (await read(casework, referral, SENDER))["state"] == "accepted"
    back = await move(casework, accepted, "withdraw", SENDER, reason="already_supported")
    assert (back["state"], back["person_id"]) == ("withdrawn", None)
    assert await rows(casework, "SELECT FROM place_releases") == []
