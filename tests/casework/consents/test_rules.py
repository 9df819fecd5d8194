"""What a basis covers, and for whom."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.consents.rules import (
    EXCEPTIONS,
    ConfidentialityException,
    ConsentBasis,
    Purpose,
    Terms,
    holds_on,
    incomplete,
    uncovered,
)

DAY = date(2026, 3, 1)
GIVEN = Terms(Purpose.REFERRAL, "centre", ["identity", "plan"], date(2026, 1, 1), date(2026, 12, 31), None)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, []),
        ({"recipient": "another"}, ["identity", "plan"]),
        ({"recipient": None}, ["identity", "plan"]),
        ({"purpose": Purpose.CASEWORK}, ["identity", "plan"]),
        ({"categories": ["plan"]}, ["identity"]),
        ({"valid_from": date(2026, 3, 2)}, ["identity", "plan"]),
        ({"valid_to": date(2026, 2, 28)}, ["identity", "plan"]),
        ({"valid_to": DAY, "valid_from": DAY}, []),
        ({"withdrawn_at": datetime(2026, 2, 1, tzinfo=UTC)}, ["identity", "plan"]),
    ],
)
def test_a_basis_covers_its_own_purpose_recipient_categories_and_days(
    change: dict[str, Any], missing: list[str]
) -> None:
    terms = GIVEN._replace(**change)
    assert uncovered([terms], Purpose.REFERRAL, "centre", {"identity", "plan"}, DAY) == missing


@given(st.lists(st.sets(st.sampled_from("abcd")), max_size=4), st.sets(st.sampled_from("abcd")))
def test_what_is_uncovered_is_what_no_basis_names(bases: list[set[str]], asked: set[str]) -> None:
    terms = [GIVEN._replace(categories=sorted(names)) for names in bases]
    missing = uncovered(terms, Purpose.REFERRAL, "centre", asked, DAY)
    assert missing == sorted(name for name in asked if not any(name in names for names in bases))


def test_every_basis_is_one_of_the_three_exceptions() -> None:
    assert {*EXCEPTIONS} == {*ConsentBasis}
    assert {*EXCEPTIONS.values()} == {*ConfidentialityException}


def test_a_consent_says_who_gave_it_and_how_and_another_basis_its_act() -> None:
    assert incomplete(ConsentBasis.CONSENT, None, "act", None) == [("given_by_id", "missing"), ("evidence", "missing")]
    assert incomplete(ConsentBasis.STATUTORY, None, None, "form") == [("act", "missing")]
    assert (
        incomplete(ConsentBasis.CONSENT, 1, None, "form") == incomplete(ConsentBasis.STATUTORY, None, "act", None) == []
    )


def test_a_basis_holds_on_its_first_and_last_day() -> None:
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [holds_on(GIVEN, day) for day in days] == [False, True, True, False]
