"""The day by which the platform's dates are meant."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def today(instant: datetime | None = None) -> date:
    """The date in Poland now, or at an instant, wherever the program runs.

    The platform's deadlines and validity go by it. ValueError for an instant without a zone.
    """
    if instant is not None and instant.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return (instant or datetime.now(UTC)).astimezone(ZoneInfo("Europe/Warsaw")).date()
