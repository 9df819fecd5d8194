"""Dates as FHIR R4 searches by them: a comparison, and the time that a date stands for."""

import calendar
from datetime import MAXYEAR, UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

PATTERN = (
    r"^(eq|ne|gt|lt|ge|le|sa|eb)?[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?)?)?)?$"
)
"""A date or an instant of any precision, after an optional comparison."""


class Moment(NamedTuple):
    """A comparison and a span of time: from `begins`, before `ends`."""

    comparison: str
    begins: datetime
    ends: datetime


def moment_of(value: str, civil_time: tzinfo) -> Moment:
    """The comparison and span of a value of PATTERN; ValueError for an impossible day.

    Civil time applies where the value has no offset.
    """
    has_prefix = value[:2].isalpha()
    comparison, date = (value[:2], value[2:]) if has_prefix else ("eq", value)
    day, _, time = date.partition("T")
    year, month, number = [*map(int, day.split("-")), 0, 0][:3]
    if time:
        begins = datetime.fromisoformat(date)
        if begins.tzinfo is None:
            begins = begins.replace(tzinfo=civil_time)
        return Moment(comparison, begins, begins + _width(time))
    begins = datetime(year, month or 1, number or 1, tzinfo=civil_time)
    days = 1 if number else _days(year, month)
    ends = begins + timedelta(days=days) if year < MAXYEAR else begins
    return Moment(comparison, begins, ends)


def _days(year: int, month: int) -> int:
    if month:
        return calendar.monthrange(year, month)[1]
    return 366 if calendar.isleap(year) else 365


def _width(time: str) -> timedelta:
    """How long a time of this precision lasts: a minute, a second or less."""
    clock = time.partition("Z")[0].partition("+")[0].partition("-")[0]
    if clock.count(":") == 1:
        return timedelta(minutes=1)
    _, _, fraction = clock.partition(".")
    return timedelta(microseconds=10 ** (6 - len(fraction)))


def instant(moment: datetime) -> str:
    """An instant as FHIR writes it, in UTC."""
    return moment.astimezone(UTC).isoformat()
