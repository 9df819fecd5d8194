"""Dates as iCalendar (RFC 5545), in Polish time. Pure."""

import calendar as months
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour_of_day
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

# Loaded with the first feed: 5 MB that a service at rest need not have.
if TYPE_CHECKING:
    from icalendar import Event, Timezone

WARSAW = "Europe/Warsaw"
YEARS_AHEAD = 5
CANCELLED_FOR = timedelta(days=30)
"""How long a removed date is shown as cancelled: programs that look less often drop
dates that a feed no longer shows.
"""


class Occasion(NamedTuple):
    """An entry of a calendar: a whole day, or an instant and its end, if known.

    Programs keep of each `uid` the one with the highest sequence (RFC 5545, 3.8.7.4).
    """

    uid: str
    summary: str
    starts: date | datetime
    sequence: int
    is_cancelled: bool
    changed_at: datetime
    ends: datetime | None = None
    location: str | None = None


def to_ical(occasions: Iterable[Occasion], product: str, today: date) -> bytes:
    """The feed. The same occasions make the same bytes, whatever their order."""
    from icalendar import Calendar  # noqa: PLC0415

    feed = Calendar()
    feed.add("prodid", f"-//Splot//{product}")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add_component(_zone(today.year - 1, today.year + YEARS_AHEAD))
    for occasion in sorted(occasions, key=lambda each: each.uid):
        feed.add_component(_event(occasion))
    return bytes(feed.to_ical())


def _event(occasion: Occasion) -> "Event":
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", f"{occasion.uid}@splot")
    event.add("dtstamp", occasion.changed_at.astimezone(UTC))
    event.add("last-modified", occasion.changed_at.astimezone(UTC))
    event.add("sequence", occasion.sequence)
    event.add("dtstart", _in_poland(occasion.starts))
    if occasion.ends is not None:
        event.add("dtend", _in_poland(occasion.ends))
    event.add("summary", occasion.summary)
    if occasion.location is not None:
        event.add("location", occasion.location)
    # An entry without an end does not block its reader's time.
    event.add("transp", "TRANSPARENT" if occasion.ends is None else "OPAQUE")
    event.add("status", "CANCELLED" if occasion.is_cancelled else "CONFIRMED")
    return event


def _in_poland(when: date | datetime) -> date | datetime:
    if isinstance(when, datetime):
        return when.astimezone(ZoneInfo(WARSAW))
    return when


def _last_sunday(year: int, month: int, hour: int) -> datetime:
    weeks = months.monthcalendar(year, month)
    day = date(year, month, max(week[months.SUNDAY] for week in weeks))
    return datetime.combine(day, hour_of_day(hour))


def _zone(first: int, last: int) -> "Timezone":
    """Polish time from one year to another; no program has to compute it for ever.

    Summer time is that of Directive 2000/84/EC: from the last Sunday of March to that
    of October, 01:00 UTC both.
    """
    from icalendar import (  # noqa: PLC0415
        Timezone,
        TimezoneDaylight,
        TimezoneStandard,
        vRecur,
    )

    zone = Timezone()
    zone.add("tzid", WARSAW)
    until = datetime(last, 12, 31, tzinfo=UTC)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    for part, month, name, offsets in (
        (TimezoneDaylight(), 3, "CEST", (winter, summer)),
        (TimezoneStandard(), 10, "CET", (summer, winter)),
    ):
        # An onset is written in the time before it: 02:00 winter, 03:00 summer time.
        hour = offsets[0] // timedelta(hours=1) + 1
        part.add("dtstart", _last_sunday(first, month, hour))
        yearly = {"freq": "yearly", "bymonth": month, "byday": "-1su", "until": until}
        part.add("rrule", vRecur(yearly))
        part.add("tzname", name)
        part.add("tzoffsetfrom", offsets[0])
        part.add("tzoffsetto", offsets[1])
        zone.add_component(part)
    return zone
