"""Meetings of MWM's coordinators: 115 hours in 2022 and 241 in 2023 (source 000, „Realizacja").

The source has only sums, for 2023 a lower bound: the single meetings are invented.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

HOURS = {2022: 115, 2023: 241}
_FIRST = {2022: date(2022, 9, 5), 2023: date(2023, 1, 9)}
_LONGEST = 240
AUDIENCES = {
    "cross_sector_support_coordinator": "KWM",
    "coordinating_institution_coordinator": "KIK",
    "early_screening_coordinator": "KBWWR",
    "pupil_screening_coordinator": "KBU",
}


def meetings() -> Iterator[dict[str, Any]]:
    """The meetings, for each kind of coordinator in turn, without the id of their programme."""
    number = 0
    for year, hours in HOURS.items():
        left, day = hours * 60, _FIRST[year]
        while left:
            minutes = min(left, _LONGEST)
            number += 1
            role, code = [*AUDIENCES.items()][number % len(AUDIENCES)]
            yield {
                "audience_role": role,
                "title": f"Spotkanie {number} ({code})",
                "starts_at": f"{day}T08:00:00Z",
                "ends_at": f"{day}T12:30:00Z",
                "minutes": minutes,
                "mode": "online",
            }
            # Monday, Wednesday and Friday in turn: both years begin on a Monday.
            day += timedelta(days=3 if day.weekday() > 2 else 2)
            left -= minutes
