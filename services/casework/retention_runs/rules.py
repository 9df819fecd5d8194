"""What becomes of a run of the retention rules. Pure."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple


class RunState(StrEnum):
    """How far a run is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    CARRIED_OUT = "carried_out"
    DECLINED = "declined"


class RunVerb(StrEnum):
    """What may be done with it."""

    CARRY_OUT = "carry-out"
    DECLINE = "decline"


class Outcome(StrEnum):
    """What falls due, or what keeps records whose years are over."""

    DUE = "due"
    ON_HOLD = "on_hold"
    RESTRICTED = "restricted"
    OF_A_CHILD = "of_a_child"
    """Of somebody who acts for a child whose records are kept."""
    TO_ARCHIVE = "to_archive"


MOST_PEOPLE = 1_000
"""In one run: the next one takes the rest."""


class Proposal(NamedTuple):
    """Who is to be erased, and how many there are of which outcome."""

    people: list[Any]
    counts: dict[str, int]


def allowed_verbs(state: RunState) -> list[RunVerb]:
    """What may be done in a state."""
    # Decided once: for another look another run is proposed.
    return [*RunVerb] if state is RunState.PROPOSED else []


def proposal(judged: Iterable[tuple[Any, str]]) -> Proposal:
    """A dry run of people with their outcomes.

    >>> proposal([("a", "due"), ("b", "on_hold"), ("c", "due")]).counts
    {'due': 2, 'on_hold': 1, 'restricted': 0, 'of_a_child': 0, 'to_archive': 0}
    """
    listed = [*judged]
    counted = Counter(outcome for _, outcome in listed)
    due = [person for person, outcome in listed if outcome == Outcome.DUE]
    counts = {outcome.value: counted[outcome] for outcome in Outcome}
    # Counts are of all, so that one sees how many runs are still to come.
    return Proposal(due[:MOST_PEOPLE], counts)
