"""When the months of a retention rule are over. Pure."""

from datetime import date

from services.training.authorities.rules import months_after


def is_over(ended_on: date, months: int, as_of: date) -> bool:
    """Whether the months after a conference are over on a day.

    Their last day has the number of the conference's last day, or is the last day of a
    shorter month (Civil Code, art. 112); on the day after it they are over.

    >>> is_over(date(2025, 8, 31), 6, date(2026, 2, 28))
    False
    >>> is_over(date(2025, 8, 31), 6, date(2026, 3, 1))
    True
    """
    return months_after(ended_on, months) < as_of
