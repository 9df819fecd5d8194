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


class Share(NamedTuple):
    """The minutes that somebody attended by signed lists, of those that the group's
    sessions have.
    """

    attended: int
    planned: int

    def reaches(self, percent: int) -> bool:
        """Whether it is at least so many hundredths, exactly; where nothing is planned
        it is not.
        """
        # Whole numbers: a rounded percentage would pass who attended 79.999 %.
        return self.planned > 0 and 100 * self.attended >= percent * self.planned


def list_errors(
    said: Sequence[Said], seated: Collection[UUID], session_minutes: int
) -> list[tuple[str, str]]:
    """What is wrong with a list of attendance: field and code.

    Only who has a seat in the group is on it, once, and nobody for longer than it
    lasted.
    """
    wrong, seen = [], set[UUID]()
    for place, each in enumerate(said):
        if each.trainee_id in seen:
            wrong.append((f"items/{place}/trainee_id", "repeated"))
        # Who waits for a seat and who withdrew may have been in the room all the same.
        elif each.trainee_id not in seated:
            wrong.append((f"items/{place}/trainee_id", "without_seat"))
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
