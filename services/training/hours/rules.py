"""How sums of hours are told, and whether they reach a number. Pure."""

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class Dimension(StrEnum):
    """What hours are summed by."""

    YEAR = "year"
    AUDIENCE_ROLE = "audience_role"
    COUNTY = "county_terc"
    PROGRAMME = "programme_id"


class Qualifier(StrEnum):
    """Whether a sum is the true one, or the true one is this or larger."""

    EXACT = "exact"
    LOWER_BOUND = "lower_bound"


class Verdict(StrEnum):
    """Whether hours reach a number. A lower bound below it decides nothing."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"


class Text(NamedTuple):
    """What people read."""

    pl: str
    en: str


VERDICTS = {
    Verdict.MET: Text("spełnione", "met"),
    Verdict.NOT_MET: Text("niespełnione", "not met"),
    Verdict.UNDECIDED: Text("nierozstrzygnięte", "undecided"),
}


def qualifier(*, is_lower_bound: bool) -> Qualifier:
    """That of a sum with a part that is a lower bound, or with none."""
    return Qualifier.LOWER_BOUND if is_lower_bound else Qualifier.EXACT


def decimal_hours(minutes: int) -> str:
    """Hours with two decimals, half up; the minutes beside them are exact.

    >>> decimal_hours(21360), decimal_hours(50), decimal_hours(3)
    ('356.00', '0.83', '0.05')
    """
    # Fractions: of a binary float 0.005 would go down as often as up.
    hundredths = int(Fraction(minutes * 100, 60) + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}"


def hours_text(minutes: int, found: Qualifier) -> Text:
    """A sum as people read it, exactly: `≥ 356 h`, `1 h 30 min`."""
    # To the minute: two decimals would turn a third of an hour into a guess.
    hours, rest = divmod(minutes, 60)
    sign = "≥ " if found is Qualifier.LOWER_BOUND else ""
    after = f" {rest} min" if rest else ""
    return Text(f"{sign}{hours} godz.{after}", f"{sign}{hours} h{after}")


def verdict(minutes: int, found: Qualifier, hours: int) -> Verdict:
    """Whether a sum reaches a number of hours."""
    # A lower bound above the number settles it, whatever the true sum is.
    if minutes >= hours * 60:
        return Verdict.MET
    is_open = found is Qualifier.LOWER_BOUND
    return Verdict.UNDECIDED if is_open else Verdict.NOT_MET


def verdict_text(hours: int, decided: Verdict) -> Text:
    """A verdict as people read it: `≥ 350 h: met`."""
    said = VERDICTS[decided]
    return Text(f"≥ {hours} godz.: {said.pl}", f"≥ {hours} h: {said.en}")
