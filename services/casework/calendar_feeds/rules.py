"""A feed as iCalendar (RFC 5545): what is shown of a task, and what a change of it
means. Pure.
"""

import calendar as months
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour_of_day
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vRecur,
)

WARSAW = "Europe/Warsaw"
YEARS_AHEAD = 5
CANCELLED_FOR = timedelta(days=30)
"""How long what is gone is told as cancelled: programs that look less often drop what a
feed shows no more.
"""


class Shown(NamedTuple):
    """A task as a calendar shows it.

    `starts_at` is an instant, and None of what has a day alone.
    """

    task: str
    title: str
    due_on: date
    starts_at: datetime | None


class Entry(NamedTuple):
    """What a feed tells of a task, and since when."""

    shown: Shown
    sequence: int
    is_cancelled: bool
    changed_at: datetime


class Text(NamedTuple):
    """What an entry is called, and where its case stands."""

    title: str
    case_number: str | None


def after(
    known: Mapping[str, Entry], shown: Iterable[Shown], now: datetime
) -> list[Entry]:
    """The entries that have changed, as they are from now on.

    What was shown with another day, comes back or is gone gets the next sequence
    number: programs keep the entry with the highest (RFC 5545, 3.8.7.4).
    """
    changed = []
    present = {each.task: each for each in shown}
    for task, each in present.items():
        before = known.get(task)
        if before is None:
            changed.append(Entry(each, 0, is_cancelled=False, changed_at=now))
        elif before.is_cancelled or before.shown != each:
            number = before.sequence + 1
            changed.append(Entry(each, number, is_cancelled=False, changed_at=now))
    for task, before in known.items():
        if task not in present and not before.is_cancelled:
            number = before.sequence + 1
            changed.append(
                Entry(before.shown, number, is_cancelled=True, changed_at=now)
            )
    return changed


def to_ical(
    entries: Iterable[Entry],
    texts: Mapping[str, Text],
    language: Literal["pl", "en"],
    today: date,
) -> bytes:
    """The feed. The same entries make the same bytes."""
    feed = Calendar()
    feed.add("prodid", f"-//Splot//casework//{language.upper()}")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add_component(_zone(today.year - 1, today.year + YEARS_AHEAD))
    # In one order: else the ETag would change with that of the rows.
    for entry in sorted(entries, key=lambda each: each.shown.task):
        feed.add_component(_event(entry, texts[entry.shown.task]))
    return bytes(feed.to_ical())


def _event(entry: Entry, text: Text) -> Event:
    shown = entry.shown
    event = Event()
    event.add("uid", f"{shown.task}@splot")
    # When it changed, not now: the same entry makes the same bytes.
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    if shown.starts_at is None:
        event.add("dtstart", shown.due_on)
    else:
        event.add("dtstart", shown.starts_at.astimezone(ZoneInfo(WARSAW)))
    event.add("summary", " – ".join(filter(None, text)))
    # What is due on a day makes nobody busy all day.
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    return event


def _last_sunday(year: int, month: int, hour: int) -> datetime:
    weeks = months.monthcalendar(year, month)
    day = date(year, month, max(week[months.SUNDAY] for week in weeks))
    return datetime.combine(day, hour_of_day(hour))


def _zone(first: int, last: int) -> Timezone:
    """Polish time from one year to another, bounded so that no program computes it for
    ever.

    Summer time is that of Directive 2000/84/EC: from the last Sunday of March to that
    of October, 01:00 UTC both.
    """
    zone = Timezone()
    zone.add("tzid", WARSAW)
    until = datetime(last, 12, 31, tzinfo=UTC)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    for part, month, name, offsets in (
        (TimezoneDaylight(), 3, "CEST", (winter, summer)),
        (TimezoneStandard(), 10, "CET", (summer, winter)),
    ):
        # An onset is written in the time before it: 02:00 of the winter's, 03:00 of the
        # summer's.
        hour = offsets[0] // timedelta(hours=1) + 1
        part.add("dtstart", _last_sunday(first, month, hour))
        yearly = {"freq": "yearly", "bymonth": month, "byday": "-1su", "until": until}
        part.add("rrule", vRecur(yearly))
        part.add("tzname", name)
        part.add("tzoffsetfrom", offsets[0])
        part.add("tzoffsetto", offsets[1])
        zone.add_component(part)
    return zone
