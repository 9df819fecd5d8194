"""The moment to which an operator wants the database back."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# The clock on the wall of whoever types it.
CLOCK = ZoneInfo("Europe/Warsaw")
LATEST = "latest"
_WRITTEN = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)


class NoMoment(ValueError):
    """What was written is no moment; the text says why."""


def moment_of(written: str) -> datetime | None:
    """The moment in UTC; None for `latest`, as far as the archive goes."""
    if written == LATEST:
        return None
    found = _WRITTEN.fullmatch(written.strip())
    if not found:
        raise NoMoment(
            f"AT={written!r} is no moment: write 2026-11-28 10:15 (the clock of {CLOCK.key}),"
            f" 2026-11-28T09:15Z, 2026-11-28 10:15+01:00, or {LATEST}"
        )
    day, clock, zone = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{zone or ''}")
    except ValueError:
        raise NoMoment(f"there is no {day} {clock}{zone or ''}") from None
    return _on_the_clock(moment) if zone is None else moment.astimezone(UTC)


def _on_the_clock(moment: datetime) -> datetime:
    """NoMoment in the hour that the clock shows twice in autumn or skips in spring."""
    first, second = (
        moment.replace(tzinfo=CLOCK, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if first != second:
        is_twice = second - first == timedelta(hours=1)
        raise NoMoment(
            f"the clock of {CLOCK.key} shows {moment} {'twice' if is_twice else 'never'}:"
            " write it with its offset, as +02:00 or +01:00"
        )
    return first
