"""When an authority may be advised. Pure."""

from datetime import date

from services.training.authorities.rules import Window


def is_outside(day: date, window: Window | None) -> bool:
    """Whether a day lies before the training or after the twelve months of advice.

    Source 003: advice lasts for twelve months.
    """
    # None: before the training no window exists.
    return window is None or not window.holds(day)
