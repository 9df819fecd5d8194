"""The periods and lateness of check-ins. Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.training.authorities.rules import (
    MONITORING_MONTHS,
    POST_PROJECT_YEARS,
    Window,
    months_after,
)

DUE_DAYS = 14
"""Days after a period's end. No source sets them; all authorities have the same."""


class CheckInKind(StrEnum):
    """Monthly during the project, yearly afterwards (source 003)."""

    MONTHLY = "monthly"
    YEARLY = "yearly"


NUMBERS = {
    CheckInKind.MONTHLY: range(1, MONITORING_MONTHS + 1),
    CheckInKind.YEARLY: range(1, POST_PROJECT_YEARS + 1),
}
_MONTHS = {CheckInKind.MONTHLY: 1, CheckInKind.YEARLY: 12}


class Period(NamedTuple):
    """The days that a check-in reports on, and the last day to submit it."""

    starts_on: date
    ends_on: date
    due_on: date


def period_of(kind: CheckInKind, number: int, window: Window) -> Period:
    """The period of that number in the window of its kind.

    >>> period_of(CheckInKind.MONTHLY, 2, Window(date(2025, 1, 31), date(2026, 1, 30)))
    Period(starts_on=datetime.date(2025, 2, 28), ends_on=datetime.date(2025, 3, 30), \
due_on=datetime.date(2025, 4, 13))
    """
    # Counted from the window's first day: month by month, a 31st would be lost.
    months = _MONTHS[kind]
    starts_on = months_after(window.starts_on, months * (number - 1))
    next_starts_on = months_after(window.starts_on, months * number)
    ends_on = next_starts_on - timedelta(days=1)
    return Period(starts_on, ends_on, ends_on + timedelta(days=DUE_DAYS))


def is_late(due_on: date, first_submitted_on: date | None, today: date) -> bool:
    """Whether a check-in was first submitted, or is still missing, after `due_on`."""
    # The first submission, so that a return does not make a check-in late.
    return (first_submitted_on or today) > due_on


def missing_numbers(kind: CheckInKind, accepted: Collection[int]) -> list[int]:
    """The numbers of a kind that are not accepted yet."""
    return [number for number in NUMBERS[kind] if number not in accepted]
