"""The states of a run of the retention rules, and its outcomes. Pure."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple


class RunState(StrEnum):
    """The state of a run."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    CARRIED_OUT = "carried_out"
    DECLINED = "declined"


class RunVerb(StrEnum):
    """What may be done with a run."""

    CARRY_OUT = "carry-out"
    DECLINE = "decline"


class Outcome(StrEnum):
    """Due, or the reason why records are kept although their period is over."""

    DUE = "due"
    ON_HOLD = "on_hold"
    RESTRICTED = "restricted"
    OF_A_CHILD = "of_a_child"
    """The person is or was a guardian, or is the mother, of a child who is not erased."""
    TO_ARCHIVE = "to_archive"


MOST_PEOPLE = 1_000
"""The limit of one run; the next run takes the rest."""


class Proposal(NamedTuple):
    """The people to be erased, and the number of people by outcome."""

    people: list[Any]
    counts: dict[str, int]


def allowed_verbs(state: RunState) -> list[RunVerb]:
    """What may be done in a state."""
    # A run is decided once; a new one may be proposed.
    return [*RunVerb] if state is RunState.PROPOSED else []


def proposal(pairs: Iterable[tuple[Any, str]]) -> Proposal:
    """The proposal of a run, from pairs of person and outcome.

    >>> proposal([("a", "due"), ("b", "on_hold"), ("c", "due")]).counts
    {'due': 2, 'on_hold': 1, 'restricted': 0, 'of_a_child': 0, 'to_archive': 0}
    """
    outcomes = [*pairs]
    number_by_outcome = Counter(outcome for _, outcome in outcomes)
    due = [person for person, outcome in outcomes if outcome == Outcome.DUE]
    counts = {outcome.value: number_by_outcome[outcome] for outcome in Outcome}
    # Counts cover all people, to show how many runs will follow.
    return Proposal(due[:MOST_PEOPLE], counts)
