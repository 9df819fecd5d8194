"""A session in a calendar. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from services.chassis.calendars.ical import Occasion, to_ical

_ONLINE = {"pl": "zdalnie", "en": "online"}
_MAKE_UP = {"pl": "odrabianie", "en": "make-up"}


class Entry(NamedTuple):
    """The facts of a session that a calendar shows."""

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


def as_cancelled(entry: Entry) -> Entry:
    """The entry of a session for a trainer or room taken out of it: cancelled.

    Its sequence number is higher than any that they have, since taking them out was a
    change of the session.
    """
    return entry._replace(is_cancelled=True)


class Standing(NamedTuple):
    """Whether a person has a seat in a group, and how often they lost one."""

    is_seated: bool
    losses: int
    changed_at: datetime

    def entry_for(self, entry: Entry) -> Entry:
        """The entry of a session for this person, cancelled if they have left.

        Each lost seat raises the sequence number, so that a program which has the
        session accepts the change (RFC 5545, 3.8.7.4).
        """
        return entry._replace(
            is_cancelled=entry.is_cancelled or not self.is_seated,
            # Never lowered: the number must not fall below a published one.
            sequence=entry.sequence + self.losses,
            changed_at=max(entry.changed_at, self.changed_at),
        )


def _summary(entry: Entry, language: Literal["pl", "en"]) -> str:
    # Marked as a make-up: people who attended the original need not come.
    make_up = _MAKE_UP[language] if entry.is_make_up else None
    return " – ".join(filter(None, (entry.title, make_up, entry.group_code)))


def sessions_calendar(
    entries: Iterable[Entry], language: Literal["pl", "en"], today: date
) -> bytes:
    """The sessions as iCalendar, without names."""
    occasions = [
        Occasion(
            # By the session's id alone: programs recognise it after every change.
            uid=f"session:{each.session_id}",
            summary=_summary(each, language),
            starts=each.starts_at,
            ends=each.ends_at,
            sequence=each.sequence,
            is_cancelled=each.is_cancelled,
            changed_at=each.changed_at,
            # The word alone: addresses of online meetings are not stored.
            location=_ONLINE[language] if each.is_online else each.room,
        )
        for each in entries
    ]
    return to_ical(occasions, f"training//{language.upper()}", today)
