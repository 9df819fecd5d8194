"""Checks of the facts of a birth and of the end of a pregnancy. Pure."""

from collections.abc import Sequence
from datetime import date

from services.casework.people.rules import LONGEST_PREGNANCY_DAYS, PersonKind

MOST_CHILDREN = 8


def state_of(kind: str, pregnancy_ended_on: date | None) -> str:
    """The state of an expected child: `expected`, `born`, or `pregnancy_ended`."""
    if kind == PersonKind.BORN:
        return "born"
    return "expected" if pregnancy_ended_on is None else "pregnancy_ended"


def birth_code(day: date, expected_on: date, today: date) -> str | None:
    """The error code for the day of a birth or of the end of a pregnancy; None where it
    is right.

    The day must not be in the future, nor further from the expected day than a
    pregnancy lasts (family and guardianship code, art. 62 § 1).
    """
    if day > today:
        return "in_future"
    # On both sides: children come early, and an expected day is an estimate.
    is_near = abs((day - expected_on).days) <= LONGEST_PREGNANCY_DAYS
    return None if is_near else "outside_pregnancy"


def repeated_numbers(numbers: Sequence[str | None]) -> list[int]:
    """The indexes of the numbers that occur earlier in the same list."""
    return [
        place
        for place, number in enumerate(numbers)
        if number is not None and number in numbers[:place]
    ]
