"""The life of a group. Pure."""

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
    """What may be done to a group."""

    OPEN = "open"
    START = "start"
    COMPLETE = "complete"
    CANCEL = "cancel"
    RESIZE = "resize"


ALLOWED: Mapping[GroupState, tuple[GroupVerb, ...]] = {
    GroupState.PLANNED: (GroupVerb.OPEN, GroupVerb.CANCEL, GroupVerb.RESIZE),
    GroupState.OPEN: (GroupVerb.START, GroupVerb.CANCEL, GroupVerb.RESIZE),
    # Nobody enters a running group, so that its size stays.
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
    """What is wrong with the first and the last day of a group: field and code."""
    (starts_on, ends_on), (first, last) = days, programme
    # Alone: compared with the programme, turned days would say something else.
    if ends_on < starts_on:
        return [("ends_on", "wrong_order")]
    wrong = [("starts_on", "outside_dates")] if starts_on < first else []
    return [*wrong, ("ends_on", "outside_dates")] if ends_on > last else wrong


def capacity_error(capacity: int, most: int, taken: int = 0) -> str | None:
    """Why a group cannot have so many seats; None when it can.

    `most`: what the programme agreed for a group. Nobody loses a seat that was given.
    """
    if capacity < taken:
        return "too_small"
    return "too_large" if capacity > most else None
