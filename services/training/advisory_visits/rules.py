"""When an authority may be advised. Pure."""

from datetime import date

from services.training.authorities.rules import Window


def is_outside(day: date, window: Window | None) -> bool:
    """Whether nobody is advised on a day: before the training, or a year after it.

    Source 003: advice is there for twelve months.
    """
    # Before the training there is no window yet, and so no day in it.
    return window is None or not window.holds(day)
