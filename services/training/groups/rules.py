"""The states of a group, and checks of its facts. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class GroupState(StrEnum):
    """How far a group has come."""

    PLANNED = "planned"
    OPEN = "open"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class GroupVerb(StrEnum):
    """The changes of a group's state or size."""

    OPEN = "open"
    START = "start"
    COMPLETE = "complete"
    CANCEL = "cancel"
    RESIZE = "resize"


ALLOWED: Mapping[GroupState, tuple[GroupVerb, ...]] = {
    GroupState.PLANNED: (GroupVerb.OPEN, GroupVerb.CANCEL, GroupVerb.RESIZE),
    GroupState.OPEN: (GroupVerb.START, GroupVerb.CANCEL, GroupVerb.RESIZE),
    # A running group takes no more people, and so is not resized.
    GroupState.RUNNING: (GroupVerb.COMPLETE, GroupVerb.CANCEL),
    GroupState.COMPLETED: (),
    GroupState.CANCELLED: (),
}
STATE_AFTER = {
    GroupVerb.OPEN: GroupState.OPEN,
    GroupVerb.START: GroupState.RUNNING,
    GroupVerb.COMPLETE: GroupState.COMPLETED,
    GroupVerb.CANCEL: GroupState.CANCELLED,
}
ENTERED_IN = (GroupState.PLANNED, GroupState.OPEN)
"""A planned group takes applications, an open one gives seats."""


def dates_errors(
    days: tuple[date, date], programme: tuple[date, date]
) -> list[tuple[str, str]]:
    """The errors of a group's first and last day: field and code."""
    (starts_on, ends_on), (first, last) = days, programme
    # Returned alone: with days in the wrong order, other errors would mislead.
    if ends_on < starts_on:
        return [("ends_on", "wrong_order")]
    errors = [("starts_on", "outside_dates")] if starts_on < first else []
    return [*errors, ("ends_on", "outside_dates")] if ends_on > last else errors


def capacity_error(capacity: int, most: int, taken: int = 0) -> str | None:
    """The code of a wrong capacity; None where it is allowed.

    `most`: the size that was agreed for a group. Not below the seats `taken`.
    """
    if capacity < taken:
        return "too_small"
    return "too_large" if capacity > most else None
