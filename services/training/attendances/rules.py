"""What an attendance may say, and what share of the planned minutes somebody attended.
Pure.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID


class Said(NamedTuple):
    """For how many minutes somebody attended."""

    trainee_id: UUID
    minutes: int


class MadeUp(NamedTuple):
    """Who attended a session that another one makes up for: to the end, or in part."""

    wholly: Collection[UUID]
    partly: Collection[UUID]


class Share(NamedTuple):
    """The minutes that somebody attended by signed lists, of those that the group's
    sessions have.
    """

    attended: int
    planned: int


def expected(seated: Sequence[UUID], made_up: MadeUp | None) -> list[UUID]:
    """Of the people with a seat those who have to stand on a session's list.

    On that of a make-up whoever missed the whole session; who missed a part may.
    """
    if made_up is None:
        return [*seated]
    were_there = {*made_up.wholly, *made_up.partly}
    return [person for person in seated if person not in were_there]


def list_errors(
    said: Sequence[Said],
    seated: Collection[UUID],
    session_minutes: int,
    made_up: MadeUp | None = None,
) -> list[tuple[str, str]]:
    """What is wrong with a list of attendance: field and code.

    Only who has a seat in the group is on it, once, and nobody for longer than it
    lasted; on that of a make-up only who missed what it makes up for.
    """
    wrong, seen = [], set[UUID]()
    for place, each in enumerate(said):
        if each.trainee_id in seen:
            wrong.append((f"items/{place}/trainee_id", "repeated"))
        # Who waits for a seat and who withdrew may have been in the room all the same.
        elif each.trainee_id not in seated:
            wrong.append((f"items/{place}/trainee_id", "without_seat"))
        elif made_up is not None and each.trainee_id in made_up.wholly:
            wrong.append((f"items/{place}/trainee_id", "not_missed"))
        if each.minutes > session_minutes:
            wrong.append((f"items/{place}/minutes", "too_large"))
        seen.add(each.trainee_id)
    return wrong


def correction_errors(
    minutes: int, before: int, session_minutes: int
) -> list[tuple[str, str]]:
    """What is wrong with a correction: field and code."""
    if minutes > session_minutes:
        return [("minutes", "too_large")]
    # A correction that changes nothing would make a history that tells nothing.
    return [("minutes", "unchanged")] if minutes == before else []
