"""What an agreement needs before it is signed, and when it binds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.agreements.rules import (
    AgreementKind,
    PartyRole,
    date_code,
    holds_on,
    missing_to_sign,
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
