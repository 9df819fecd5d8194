"""Checks of attendance lists, and the attended share of planned minutes. Pure."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID


class AttendanceEntry(NamedTuple):
    """The minutes that one person attended."""

    trainee_id: UUID
    minutes: int


class MadeUp(NamedTuple):
    """Who attended a session that another one makes up for: to the end, or in part."""

    wholly: Collection[UUID]
    partly: Collection[UUID]


class Share(NamedTuple):
    """Minutes that a person attended by signed lists, and planned minutes in all."""

    attended: int
    planned: int


def expected(seated: Sequence[UUID], made_up: MadeUp | None) -> list[UUID]:
    """The people with a seat who have to be on a session's list.

    On a make-up's list: those who missed the whole original session. Those who missed
    a part of it may be on the list, but need not.
    """
    if made_up is None:
        return [*seated]
    were_there = {*made_up.wholly, *made_up.partly}
    return [person for person in seated if person not in were_there]


def list_errors(
    entries: Sequence[AttendanceEntry],
    seated: Collection[UUID],
    session_minutes: int,
    made_up: MadeUp | None = None,
) -> list[tuple[str, str]]:
    """The errors of an attendance list: field and code.

    Everybody on it has a seat in the group, stands there once, and attended no longer
    than the session lasted. On a make-up's list nobody attended the original wholly.
    """
    errors, listed_ids = [], set[UUID]()
    for place, each in enumerate(entries):
        if each.trainee_id in listed_ids:
            errors.append((f"items/{place}/trainee_id", "repeated"))
        # Waiting or withdrawn people have no seat, even if they were present.
        elif each.trainee_id not in seated:
            errors.append((f"items/{place}/trainee_id", "without_seat"))
        elif made_up is not None and each.trainee_id in made_up.wholly:
            errors.append((f"items/{place}/trainee_id", "not_missed"))
        if each.minutes > session_minutes:
            errors.append((f"items/{place}/minutes", "too_large"))
        listed_ids.add(each.trainee_id)
    return errors


def correction_errors(
    minutes: int, before: int, session_minutes: int
) -> list[tuple[str, str]]:
    """The errors of a correction: field and code."""
    if minutes > session_minutes:
        return [("minutes", "too_large")]
    # A correction that changes nothing would be an empty entry of the history.
    return [("minutes", "unchanged")] if minutes == before else []
