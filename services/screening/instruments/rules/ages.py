"""Age in completed months on a day."""

from calendar import monthrange
from datetime import date, timedelta

# A birth before 37 completed weeks is preterm (WHO). Instruments for small children
# that correct the age do so up to two years.
TERM_WEEKS = 40
PREMATURE_BEFORE_WEEKS = 37
CORRECTED_UNTIL_MONTHS = 24


def completed_months(born_on: date, on: date) -> int:
    """Months completed since birth; negative for a day before birth.

    A month is completed at the beginning of the day that has the number of the birthday,
    or of the last day of a month without such a day (Civil Code, art. 112). A child
    born on 29 February is a year old on 28 February of a year without that day.

    >>> completed_months(date(2024, 2, 29), date(2025, 2, 27))
    11
    >>> completed_months(date(2024, 2, 29), date(2025, 2, 28))
    12
    """
    months = (on.year - born_on.year) * 12 + on.month - born_on.month
    last_day = monthrange(on.year, on.month)[1]
    return months if on.day >= min(born_on.day, last_day) else months - 1


def corrected_months(born_on: date, on: date, gestation_weeks: int) -> int:
    """Age in completed months, for a prematurely born child since the expected birth.

    The age of a child born before week 37 and younger than 24 months is counted from
    the day on which 40 weeks were completed, and is at least 0. Every other age is
    counted from birth.
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
    """Whether an age lies between the edges: `age_from` inclusive, `age_to` exclusive.

    A missing edge is open.
    """
    return (age_from is None or age_from <= age_months) and (
        age_to is None or age_months < age_to
    )
