"""States of focus groups, and whether their numbers may be public. Pure."""

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
    # `hold` again corrects the numbers until the group is reported.
    FocusGroupState.HELD: ("hold", "report"),
    FocusGroupState.REPORTED: (),
    FocusGroupState.CANCELLED: (),
}


def wrong_participants(
    participants: Sequence[Mapping[str, Any]],
) -> list[tuple[str, str]]:
    """Repeated roles: pointers with their codes."""
    roles: set[str] = set()
    errors = []
    for number, part in enumerate(participants):
        if part["role"] in roles:
            errors.append((f"participants/{number}/role", "repeated"))
        roles.add(part["role"])
    return errors


def may_show_participants(participants: Sequence[Mapping[str, Any]]) -> bool:
    """Whether everybody may read the number of people by role.

    A single doctor of a county could be identified.

    >>> counts = [{"role": "teacher", "number": 6}, {"role": "doctor", "number": 1}]
    >>> may_show_participants(counts)
    False
    """
    return may_publish([part["number"] for part in participants], FEW)
