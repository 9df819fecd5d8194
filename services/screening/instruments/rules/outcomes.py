"""Outcomes in three values, and the terms that instruments, norms and results share."""

from collections.abc import Iterable, Sequence
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """The outcome of a scale or a whole form: never a diagnosis, and never more than
    the answers allow.
    """

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNDETERMINED = "undetermined"


class Informant(StrEnum):
    """The kind of person who answers."""

    PARENT = "parent"
    NURSERY_CARER = "nursery_carer"
    TEACHER = "teacher"
    SPECIALIST = "specialist"
    PUPIL = "pupil"
    # Stage one for pupils has a form that a team fills in after its consultation.
    TEAM = "team"


class Sex(StrEnum):
    """Sex, as norms distinguish it."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class Child(NamedTuple):
    """The facts that norms and cut-offs depend on: age in completed months, sex, informant."""

    age_months: int
    sex: str
    informant: str


class Metric(StrEnum):
    """Which figure of a scale a cut-off is compared with."""

    RAW = "raw"
    Z = "z"
    T = "t"
    STEN = "sten"
    STANINE = "stanine"
    PERCENTILE = "percentile"


class Truth(IntEnum):
    """Kleene's strong logic: `and` is the minimum, `or` the maximum, `not` 2 minus."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


class DenominatorPolicy(StrEnum):
    """Which screenings are in the denominator of a rate."""

    ALL = "all"
    DETERMINED = "determined"


def combined(outcomes: Sequence[Outcome | None], at_least: int) -> Outcome:
    """Positive when at least `at_least` outcomes are positive.

    Undetermined when the undetermined ones could still make up that
    number; negative otherwise.

    `None`, the outcome of a scale without cut-offs, counts as not positive.
    """
    positive = outcomes.count(Outcome.POSITIVE)
    if positive >= at_least:
        return Outcome.POSITIVE
    possible = positive + outcomes.count(Outcome.UNDETERMINED)
    return Outcome.UNDETERMINED if possible >= at_least else Outcome.NEGATIVE


def positive_rate(
    outcomes: Iterable[Outcome], policy: DenominatorPolicy
) -> float | None:
    """The share of positive outcomes, from 0 to 1; None when the denominator is 0.

    The official tabulation of the child functioning module keeps the undetermined in
    the denominator (`all`).
    """
    denominator = [
        outcome
        for outcome in outcomes
        if policy == DenominatorPolicy.ALL or outcome != Outcome.UNDETERMINED
    ]
    return (
        denominator.count(Outcome.POSITIVE) / len(denominator) if denominator else None
    )
