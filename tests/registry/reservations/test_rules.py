"""How long a place is held, and whom a service fits."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registry.reservations.rules import (
    ALLOWED,
    HoldingTime,
    Misfit,
    Need,
    Offer,
    ReservationState,
    Verb,
    expiry_code,
    holding_time,
    misfits,
    state_at,
)
from services.registry.support_services.rules import EligibilityDocument

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
DAY = date(2026, 3, 2)
OPINION, RULING = EligibilityDocument.EARLY_SUPPORT_NEED_OPINION, EligibilityDocument.DISABILITY_RULING


def test_a_place_is_held_until_the_instant_of_its_expiry_and_not_at_it() -> None:
    assert state_at("reserved", NOON, NOON - MOMENT) == ReservationState.RESERVED
    assert state_at("reserved", NOON, NOON) == ReservationState.EXPIRED


@pytest.mark.parametrize("state", ["taken", "released", "expired"])
def test_what_is_taken_or_over_does_not_expire(state: str) -> None:
    assert state_at(state, NOON, NOON + MOMENT) == state


def test_only_what_holds_a_place_can_be_given_back() -> None:
    assert {state for state, verbs in ALLOWED.items() if Verb.RELEASE in verbs} == {"reserved", "taken"}
    assert {state for state, verbs in ALLOWED.items() if Verb.TAKE in verbs} == {"reserved"}


@pytest.mark.parametrize(
    ("expires_at", "code"),
    [
        (NOON - MOMENT, "in_past"),
        (NOON, "in_past"),
        (NOON + MOMENT, None),
        (NOON + timedelta(days=60), None),
        (NOON + timedelta(days=60) + MOMENT, "too_far_ahead"),
    ],
)
def test_a_place_waits_no_longer_than_sixty_days(expires_at: datetime, code: str | None) -> None:
    assert expiry_code(expires_at, NOON, holding_time(DAY)) == code


def test_a_place_waits_fourteen_days_when_nothing_else_is_said() -> None:
    assert holding_time(DAY).days == holding_time(date(1999, 1, 1)).days == 14
    assert isinstance(holding_time(DAY), HoldingTime)


@pytest.mark.parametrize(
    ("age", "reasons"),
    [(11, [Misfit.TOO_YOUNG]), (12, []), (35, []), (36, [Misfit.TOO_OLD]), (None, [])],
)
def test_the_youngest_age_counts_and_the_oldest_does_not(age: int | None, reasons: list[Misfit]) -> None:
    assert misfits(Need(DAY, age), Offer(age_from_months=12, age_to_months=36)) == reasons


@pytest.mark.parametrize(
    ("has", "wanted", "fits"),
    [
        (None, [OPINION], True),
        ([], [OPINION], False),
        ([RULING], [OPINION], False),
        ([RULING, OPINION], [OPINION], True),
        ([RULING], [OPINION, RULING], True),
        ([], [], True),
    ],
)
def test_any_one_of_the_documents_is_enough(
    has: list[EligibilityDocument] | None, wanted: list[EligibilityDocument], fits: bool
) -> None:
    found = misfits(Need(DAY, documents=has), Offer(eligibility_documents=wanted))
    assert found == ([] if fits else [Misfit.LACKS_DOCUMENT])


@pytest.mark.parametrize(
    ("day", "offered"),
    [(date(2026, 3, 1), False), (date(2026, 3, 2), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False)],
)
def test_a_service_is_offered_from_the_later_of_two_beginnings_to_its_last_day(day: date, offered: bool) -> None:
    last = date(2026, 3, 31)
    for offer in (
        Offer(offered_from=DAY, offered_to=last, opened_on=date(2020, 1, 1)),
        Offer(offered_to=last, opened_on=DAY),
    ):
        assert misfits(Need(day), offer) == ([] if offered else [Misfit.NOT_OFFERED_ON_DAY])


def test_every_reason_is_named_at_once() -> None:
    offer = Offer(36, 84, [OPINION], offered_to=date(2026, 1, 1))
    expected = [Misfit.NOT_OFFERED_ON_DAY, Misfit.LACKS_DOCUMENT, Misfit.TOO_YOUNG]
    assert misfits(Need(DAY, 12, []), offer) == expected
