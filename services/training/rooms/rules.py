"""What keeps a session out of a room. Pure."""

from enum import StrEnum


class RoomConflict(StrEnum):
    """What keeps a session out of a room."""

    TAKEN = "taken"
    TOO_SMALL = "too_small"


def room_conflicts(seats: int, people: int, *, is_taken: bool) -> list[RoomConflict]:
    """Every reason why so many people cannot be in a room; none when they can.

    >>> room_conflicts(10, 11, is_taken=False)
    [<RoomConflict.TOO_SMALL: 'too_small'>]
    """
    # Both at once: another time does not help where the room is too small.
    reasons = [RoomConflict.TAKEN] if is_taken else []
    return [*reasons, RoomConflict.TOO_SMALL] if people > seats else reasons
