"""What an agreement needs before it is signed, and what it takes afterwards."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.agreements.rules import (
    AgreementKind,
    AgreementState,
    PartyRole,
    date_code,
    fits_role,
    holds_on,
    is_open_document,
    missing_to_sign,
    shown_state,
)

DAY = date(2026, 3, 1)
PACT, LETTER = AgreementKind.LOCAL_COOPERATION_PACT, AgreementKind.LETTER_OF_INTENT
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("kind", "valid_from", "versions", "roles", "missing"),
    [
        (PACT, None, 0, [], ["valid_from", "document_version", "signatories"]),
        (PACT, DAY, 1, [PartyRole.PARTY], ["signatories"]),
        (PACT, DAY, 1, [PartyRole.PARTY] * 2, []),
        (LETTER, DAY, 1, [], ["author", "addressee"]),
        (LETTER, DAY, 1, [PartyRole.ADDRESSEE] * 2, ["author"]),
        (LETTER, DAY, 0, [PartyRole.AUTHOR], ["document_version", "addressee"]),
        (LETTER, DAY, 1, [PartyRole.AUTHOR, PartyRole.ADDRESSEE, PartyRole.ADDRESSEE], []),
    ],
)
def test_everything_that_is_missing_is_named(
    kind: AgreementKind, valid_from: date | None, versions: int, roles: list[PartyRole], missing: list[str]
) -> None:
    assert missing_to_sign(kind, valid_from, versions, roles) == missing


def test_an_agreement_expires_the_day_after_its_last_day() -> None:
    assert shown_state(AgreementState.SIGNED, DAY, DAY) is AgreementState.SIGNED
    assert shown_state(AgreementState.SIGNED, DAY, DAY + timedelta(days=1)) is AgreementState.EXPIRED
    assert shown_state(AgreementState.SIGNED, None, DAY) is AgreementState.SIGNED
    assert shown_state(AgreementState.DRAFT, DAY, DAY + timedelta(days=1)) is AgreementState.DRAFT
    assert shown_state(AgreementState.TERMINATED, DAY, DAY + timedelta(days=1)) is AgreementState.TERMINATED


@pytest.mark.parametrize("role", list(PartyRole))
def test_letters_have_authors_and_addressees_and_only_they_do(role: PartyRole) -> None:
    assert fits_role(LETTER, role) != fits_role(PACT, role)


def test_the_pact_alone_is_an_open_document() -> None:
    assert [kind for kind in AgreementKind if is_open_document(kind)] == [PACT]


@given(DAYS, DAYS, DAYS, DAYS)
def test_a_day_has_no_fault_exactly_when_it_lies_between_its_bounds(
    day: date, since: date, until: date, today: date
) -> None:
    assert (date_code(day, since=since, until=until, today=today) is None) == (since <= day <= min(until, today))


@given(DAYS, DAYS, DAYS, st.none() | DAYS, st.none() | DAYS)
def test_the_days_on_which_an_agreement_binds_are_one_stretch_from_its_beginning(
    day: date, signed_on: date, valid_from: date, valid_to: date | None, terminated_on: date | None
) -> None:
    first = max(signed_on, valid_from)
    days = [day + timedelta(days=number) for number in range(-2, 3)]
    binding = [holds_on(one, signed_on, valid_from, valid_to, terminated_on) for one in days]
    for one, binds in zip(days, binding, strict=True):
        after_end = (valid_to is not None and one > valid_to) or (terminated_on is not None and one >= terminated_on)
        assert binds == (one >= first and not after_end)
    assert "".join("x" if binds else " " for binds in binding).strip().count(" ") == 0
    assert not holds_on(day, None, valid_from, valid_to, terminated_on)
