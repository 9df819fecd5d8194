"""The days that a birth may lie on."""

from datetime import date

import pytest

from services.casework.births.rules import birth_code, repeated_numbers, state_of

EXPECTED_ON, TODAY = date(2026, 6, 1), date(2026, 5, 1)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 5, 1), None),
        (date(2026, 5, 2), "in_future"),
        (date(2025, 8, 5), None),
        (date(2025, 8, 4), "outside_pregnancy"),
    ],
)
def test_a_birth_is_past_and_within_three_hundred_days_of_the_expected_one(day: date, code: str | None) -> None:
    assert birth_code(day, EXPECTED_ON, TODAY) == code


def test_an_expectation_ends_once() -> None:
    assert state_of("expected", None) == "expected"
    assert state_of("expected", TODAY) == "pregnancy_ended"
    assert state_of("born", None) == "born"


def test_two_children_do_not_share_a_number() -> None:
    assert repeated_numbers(["1", None, "2", None, "1"]) == [4]
