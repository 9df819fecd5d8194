"""A session in a calendar. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from services.chassis.calendars.ical import Occasion, to_ical

_ONLINE = {"pl": "zdalnie", "en": "online"}
_MAKE_UP = {"pl": "odrabianie", "en": "make-up"}


class Entry(NamedTuple):
    """What is shown of a session."""

    session_id: UUID
    group_id: UUID | None
    title: str
    is_make_up: bool
    group_code: str | None
    starts_at: datetime
    ends_at: datetime
    is_online: bool
    room: str | None
    is_cancelled: bool
    sequence: int
    changed_at: datetime


def taken_out(entry: Entry) -> Entry:
    """A session as a trainer or a room that was taken out of it is told: cancelled.

    Its number is higher than any they have seen: what took them out was a change of it.
    """
    return entry._replace(is_cancelled=True)


class Standing(NamedTuple):
    """How somebody stands to a group: with a seat or gone, and how often a seat was lost."""

    is_seated: bool
    losses: int
    changed_at: datetime

    def seen(self, entry: Entry) -> Entry:
        """A session of the group as this person is told: cancelled for whoever has
        left.

        Each loss raises the number, so that a program which has seen the session
        takes it (RFC 5545, 3.8.7.4).
        """
        return entry._replace(
            is_cancelled=entry.is_cancelled or not self.is_seated,
            # Never taken back: who returns must not fall below what programs have.
            sequence=entry.sequence + self.losses,
            changed_at=max(entry.changed_at, self.changed_at),
        )


def _summary(entry: Entry, language: Literal["pl", "en"]) -> str:
    # Said in words: whoever was there the first time need not come again.
    again = _MAKE_UP[language] if entry.is_make_up else None
    return " – ".join(filter(None, (entry.title, again, entry.group_code)))


def sessions_calendar(
    entries: Iterable[Entry], language: Literal["pl", "en"], today: date
) -> bytes:
    """The calendar. Nobody is named in it."""
    occasions = [
        Occasion(
            # By the session alone: it keeps its place in programs whatever changes of
            # it.
            uid=f"session:{each.session_id}",
            summary=_summary(each, language),
            starts=each.starts_at,
            ends=each.ends_at,
            sequence=each.sequence,
            is_cancelled=each.is_cancelled,
            changed_at=each.changed_at,
            # The word alone: no address of an online meeting is kept.
            location=_ONLINE[language] if each.is_online else each.room,
        )
        for each in entries
    ]
    return to_ical(occasions, f"training//{language.upper()}", today)
