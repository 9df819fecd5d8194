"""The one place that reads the clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

# Deadlines are counted in days of civil time, which begin before those of UTC.
CIVIL_TIME = ZoneInfo("Europe/Warsaw")


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def civil_midnight(day: date) -> datetime:
    """The instant at which a civil day begins in Poland."""
    return datetime.combine(day, time(), CIVIL_TIME)


def civil_date(instant: datetime) -> date:
    """The day in Poland on which an instant lies."""
    return instant.astimezone(CIVIL_TIME).date()


def today() -> date:
    """The civil date in Poland, by which deadlines and validity are counted."""
    return civil_date(now())
