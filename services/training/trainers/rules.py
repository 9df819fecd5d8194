"""Kinds of trainers, and when a trainer is free. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class TrainerKind(StrEnum):
    """A trainer of programmes, or an external expert who works with authorities."""

    TRAINER = "trainer"
    EXTERNAL_EXPERT = "external_expert"


class TrainerConflict(StrEnum):
    """Why a trainer cannot come to a session."""

    LEFT = "left"
    NOT_AVAILABLE = "not_available"
    TRAINS_ELSEWHERE = "trains_elsewhere"


class Span(NamedTuple):
    """The time from one instant to another, without the latter."""

    starts_at: datetime
    ends_at: datetime


class Availability(NamedTuple):
    """A stated time in which a trainer is free or away."""

    span: Span
    is_available: bool


def overlap(span: Span, other: Span) -> bool:
    """Whether two spans have an instant in common.

    Adjacent spans have none.

    >>> morning, noon = datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 12)
    >>> overlap(Span(morning, noon), Span(noon, datetime(2026, 1, 1, 16)))
    False
    """
    return span.starts_at < other.ends_at and other.starts_at < span.ends_at


def is_available(availabilities: Iterable[Availability], span: Span) -> bool:
    """Whether a trainer is free for a whole span, by the stated times.

    Without any free time stated, a trainer is free unless away; otherwise only in the
    free times.
    """
    times = [*availabilities]
    if any(not each.is_available and overlap(each.span, span) for each in times):
        return False
    # Sorted, so that one pass finds a gap.
    free = sorted(each.span for each in times if each.is_available)
    return not free or _cover(free, span)


def _cover(free: Iterable[Span], span: Span) -> bool:
    """Whether sorted spans cover a whole span; adjacent ones have no gap."""
    covered_to = span.starts_at
    for each in free:
        # A span that begins later leaves a gap, which later ones cannot close.
        if each.starts_at <= covered_to:
            covered_to = max(covered_to, each.ends_at)
    return covered_to >= span.ends_at


def has_left(left_on: date | None, day: date) -> bool:
    """Whether a trainer whose last day is `left_on` has left on a day."""
    # The last day is still a working day.
    return left_on is not None and left_on < day
