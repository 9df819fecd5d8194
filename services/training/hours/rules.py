"""Texts of sums of hours, and whether a sum reaches a number. Pure."""

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class Dimension(StrEnum):
    """The dimensions of sums."""

    YEAR = "year"
    AUDIENCE_ROLE = "audience_role"
    COUNTY = "county_terc"
    PROGRAMME = "programme_id"


class Qualifier(StrEnum):
    """Whether a sum is exact, or the true one is at least this."""

    EXACT = "exact"
    LOWER_BOUND = "lower_bound"


class Verdict(StrEnum):
    """Whether hours reach a number; undecided for a lower bound below it."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"


class Text(NamedTuple):
    """A text in both languages."""

    pl: str
    en: str


VERDICTS = {
    Verdict.MET: Text("spełnione", "met"),
    Verdict.NOT_MET: Text("niespełnione", "not met"),
    Verdict.UNDECIDED: Text("nierozstrzygnięte", "undecided"),
}


def qualifier(*, is_lower_bound: bool) -> Qualifier:
    """The qualifier of a sum: a lower bound if any part of it is one."""
    return Qualifier.LOWER_BOUND if is_lower_bound else Qualifier.EXACT


def decimal_hours(minutes: int) -> str:
    """Minutes as hours with two decimals, rounded half up.

    >>> decimal_hours(21360), decimal_hours(50), decimal_hours(3)
    ('356.00', '0.83', '0.05')
    """
    # Fractions, since binary floats round 0.005 both ways.
    hundredths = int(Fraction(minutes * 100, 60) + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}"


def hours_text(minutes: int, sum_qualifier: Qualifier) -> Text:
    """A sum as an exact text: `≥ 356 h`, `1 h 30 min`."""
    # In minutes: two decimals of an hour would be inexact.
    hours, rest = divmod(minutes, 60)
    sign = "≥ " if sum_qualifier is Qualifier.LOWER_BOUND else ""
    after = f" {rest} min" if rest else ""
    return Text(f"{sign}{hours} godz.{after}", f"{sign}{hours} h{after}")


def verdict(minutes: int, sum_qualifier: Qualifier, hours: int) -> Verdict:
    """Whether a sum reaches a number of hours."""
    # For a lower bound, too: the true sum is at least as large.
    if minutes >= hours * 60:
        return Verdict.MET
    is_open = sum_qualifier is Qualifier.LOWER_BOUND
    return Verdict.UNDECIDED if is_open else Verdict.NOT_MET


def verdict_text(hours: int, decision: Verdict) -> Text:
    """A verdict as a text: `≥ 350 h: met`."""
    text = VERDICTS[decision]
    return Text(f"≥ {hours} godz.: {text.pl}", f"≥ {hours} h: {text.en}")
