"""Age in completed months, as of a day."""

from calendar import monthrange
from datetime import date, timedelta

TERM_WEEKS = 40
PREMATURE_BEFORE_WEEKS = 37
CORRECTED_UNTIL_MONTHS = 24


def completed_months(born_on: date, on: date) -> int:
    """Months completed since birth; negative before it.

    A month is completed with the beginning of the day that bears the number of the birthday, or of the last day of a
    month that has no such day (Civil Code, art. 112): who was born on 29 February is a year old on 28 February.

    >>> completed_months(date(2024, 2, 29), date(2025, 2, 27)), completed_months(date(2024, 2, 29), date(2025, 2, 28))
    (11, 12)
    """
    months = (on.year - born_on.year) * 12 + on.month - born_on.month
    reached = min(born_on.day, monthrange(on.year, on.month)[1])
    return months if on.day >= reached else months - 1


def corrected_months(born_on: date, on: date, gestation_weeks: int) -> int:
    """Completed months since the expected day of birth, for a child born before week 37 and not yet 24 months old.

    For anybody else: completed months since birth. Never below zero.
    """
    chronological = completed_months(born_on, on)
    if (
        gestation_weeks >= PREMATURE_BEFORE_WEEKS
        or chronological >= CORRECTED_UNTIL_MONTHS
    ):
        return chronological
    expected_on = born_on + timedelta(weeks=TERM_WEEKS - gestation_weeks)
    return max(0, completed_months(expected_on, on))


def covers(age_from: int | None, age_to: int | None, age_months: int) -> bool:
    """Whether an age lies in a band: lower edge inclusive, upper edge exclusive; a missing edge is open."""
    return (age_from is None or age_from <= age_months) and (
        age_to is None or age_months < age_to
    )
