"""What a feed shows of a task, and how a change is passed
on to calendar programs. Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal, NamedTuple

from services.chassis.calendars import ical
from services.chassis.calendars.ical import Occasion


class TaskView(NamedTuple):
    """A task as a calendar shows it. `starts_at` is an instant, None for a task with
    only a day.
    """

    task: str
    title: str
    due_on: date
    starts_at: datetime | None


class Entry(NamedTuple):
    """The entry of a task in a feed, and when it last changed."""

    view: TaskView
    sequence: int
    is_cancelled: bool
    changed_at: datetime


class Text(NamedTuple):
    """The title of an entry, and the number of its case."""

    title: str
    case_number: str | None


def after(
    previous: Mapping[str, Entry], views: Iterable[TaskView], now: datetime
) -> list[Entry]:
    """The entries that have changed, as they are from now on.

    An entry that has changed, has come back or is gone gets the next sequence number:
    programs keep the entry with the highest number (RFC 5545, 3.8.7.4).
    """
    changed = []
    present = {each.task: each for each in views}
    for task, each in present.items():
        before = previous.get(task)
        if before is None:
            changed.append(Entry(each, 0, is_cancelled=False, changed_at=now))
        elif before.is_cancelled or before.view != each:
            number = before.sequence + 1
            changed.append(Entry(each, number, is_cancelled=False, changed_at=now))
    for task, before in previous.items():
        if task not in present and not before.is_cancelled:
            number = before.sequence + 1
            changed.append(
                Entry(before.view, number, is_cancelled=True, changed_at=now)
            )
    return changed


def to_ical(
    entries: Iterable[Entry],
    texts: Mapping[str, Text],
    language: Literal["pl", "en"],
    today: date,
) -> bytes:
    """The feed as iCalendar; the same entries give the same bytes."""
    occasions = [_occasion(each, texts[each.view.task]) for each in entries]
    return ical.to_ical(occasions, f"casework//{language.upper()}", today)


def _occasion(entry: Entry, text: Text) -> Occasion:
    return Occasion(
        uid=entry.view.task,
        summary=" – ".join(filter(None, text)),
        starts=entry.view.starts_at or entry.view.due_on,
        sequence=entry.sequence,
        is_cancelled=entry.is_cancelled,
        changed_at=entry.changed_at,
    )
