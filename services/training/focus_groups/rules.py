"""What may follow what in research with focus groups, and what is told of few. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from services.chassis.disclosure.cells import FEW, may_publish


class FocusGroupState(StrEnum):
    """How far a focus group has come."""

    PLANNED = "planned"
    HELD = "held"
    REPORTED = "reported"
    CANCELLED = "cancelled"


FOCUS_GROUP_ALLOWED: Mapping[FocusGroupState, tuple[str, ...]] = {
    FocusGroupState.PLANNED: ("reschedule", "hold", "cancel"),
    # Held again: who was there can be put right until it is reported.
    FocusGroupState.HELD: ("hold", "report"),
    FocusGroupState.REPORTED: (),
    FocusGroupState.CANCELLED: (),
}


def wrong_participants(
    participants: Sequence[Mapping[str, Any]],
) -> list[tuple[str, str]]:
    """Roles that are counted twice: a pointer and a code each."""
    seen: set[str] = set()
    wrong = []
    for number, part in enumerate(participants):
        if part["role"] in seen:
            wrong.append((f"participants/{number}/role", "repeated"))
        seen.add(part["role"])
    return wrong


def may_tell(participants: Sequence[Mapping[str, Any]]) -> bool:
    """Whether everybody may read how many came in which role.

    One doctor of a county is as good as a name.

    >>> may_tell([{"role": "teacher", "number": 6}, {"role": "doctor", "number": 1}])
    False
    """
    return may_publish([part["number"] for part in participants], FEW)
