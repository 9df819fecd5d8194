"""The one place that reads the clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CIVIL_TIME = ZoneInfo("Europe/Warsaw")


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The civil date in Poland, by which deadlines and validity are counted."""
    return datetime.now(CIVIL_TIME).date()
