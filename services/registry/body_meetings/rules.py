"""What meetings there are, and on which days a series falls. Pure."""

from calendar import monthrange
from datetime import date
from enum import StrEnum


class MeetingKind(StrEnum):
    """Why a body meets."""

    FIRST = "first"
    CYCLICAL = "cyclical"
    EXTRAORDINARY = "extraordinary"


class MeetingState(StrEnum):
    """What became of a meeting."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


def meeting_dates(
    first_on: date, every_months: int | None, times: int | None
) -> list[date]:
    """The days of a series of meetings, or the day of a single one.

    They fall on the same day of every n-th month, or on the last one of a month that is too short.
    """
    distance = every_months or 0
    # Each day is counted from the first one: counted from the day before it, a series
    # of 31sts would stay on the 28th after its first February.
    return [_months_later(first_on, number * distance) for number in range(times or 1)]


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
