"""Conflicts of a session with a room. Pure."""

from enum import StrEnum


class RoomConflict(StrEnum):
    """Why a session cannot be in a room."""

    TAKEN = "taken"
    TOO_SMALL = "too_small"


def room_conflicts(seats: int, people: int, *, is_taken: bool) -> list[RoomConflict]:
    """Every reason why `people` cannot be in a room; empty when they can.

    >>> room_conflicts(10, 11, is_taken=False)
    [<RoomConflict.TOO_SMALL: 'too_small'>]
    """
    # Both reasons: another time does not help where the room is too small.
    reasons = [RoomConflict.TAKEN] if is_taken else []
    return [*reasons, RoomConflict.TOO_SMALL] if people > seats else reasons
