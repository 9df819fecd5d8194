"""What a feed shows of a task, and what a change of it means to the programs that have
seen it. Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal, NamedTuple

from services.chassis.calendars import ical
from services.chassis.calendars.ical import Occasion


class Shown(NamedTuple):
    """A task as a calendar shows it. `starts_at` is an instant, and None of what has a
    day alone.
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
    occasions = [_occasion(each, texts[each.shown.task]) for each in entries]
    return ical.to_ical(occasions, f"casework//{language.upper()}", today)


def _occasion(entry: Entry, text: Text) -> Occasion:
    return Occasion(
        uid=entry.shown.task,
        summary=" – ".join(filter(None, text)),
        starts=entry.shown.starts_at or entry.shown.due_on,
        sequence=entry.sequence,
        is_cancelled=entry.is_cancelled,
        changed_at=entry.changed_at,
    )
