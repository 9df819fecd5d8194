"""Who trains, and when a trainer is free. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class TrainerKind(StrEnum):
    """A trainer of programmes, or an expert from outside who works with authorities."""

    TRAINER = "trainer"
    EXTERNAL_EXPERT = "external_expert"


class TrainerConflict(StrEnum):
    """What keeps a trainer from a session."""

    LEFT = "left"
    NOT_AVAILABLE = "not_available"
    TRAINS_ELSEWHERE = "trains_elsewhere"


class Span(NamedTuple):
    """From an instant to before another."""

    starts_at: datetime
    ends_at: datetime


class Availability(NamedTuple):
    """A time in which a trainer said to be free, or to be away."""

    span: Span
    is_available: bool


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans have an instant in common.

    One that begins when the other ends has none.

    >>> morning, noon = datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 12)
    >>> overlap(Span(morning, noon), Span(noon, datetime(2026, 1, 1, 16)))
    False
    """
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def is_available(stated: Iterable[Availability], span: Span) -> bool:
    """Whether a trainer is free for the whole of a span, by what was stated.

    A trainer who stated no free time is free unless away; who stated any is free then
    alone.
    """
    known = [*stated]
    if any(not one.is_available and overlap(one.span, span) for one in known):
        return False
    # In order, so that one pass finds a gap.
    free = sorted(one.span for one in known if one.is_available)
    return not free or _cover(free, span)


def _cover(free: Iterable[Span], span: Span) -> bool:
    """Whether spans in order cover a whole span; one may go on where another ends."""
    covered_to = span.starts_at
    for one in free:
        # A time that begins later leaves a gap, and what follows cannot close it.
        if one.starts_at <= covered_to:
            covered_to = max(covered_to, one.ends_at)
    return covered_to >= span.ends_at


def has_left(left_on: date | None, day: date) -> bool:
    """Whether somebody whose last day was `left_on` no longer trains on a day."""
    # The last day itself is still a day of work.
    return left_on is not None and left_on < day
