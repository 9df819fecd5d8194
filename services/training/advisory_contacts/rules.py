"""What an advisory contact may say. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum


class Giver(StrEnum):
    """Who gave the support."""

    ADVISER = "adviser"
    EXPERT = "expert"


def audience_errors(
    given: Collection[str], *, is_of_authority: bool
) -> list[tuple[str, str]]:
    """Which fields are missing, or do not go with an authority: it brings its programme
    and its county.
    """
    if is_of_authority:
        # Refused and not compared: of two that differ nobody would know which holds.
        brought = ("programme_id", "county_terc")
        return [(name, "not_allowed") for name in brought if name in given]
    needed = ("programme_id", "county_terc", "audience_role")
    return [(name, "missing") for name in needed if name not in given]


def day_error(day: date, starts_on: date, ends_on: date, today: date) -> str | None:
    """Why nobody can have been advised on a day; None when somebody can."""
    # A plan is no support: what is agreed for later is recorded when it was given.
    if day > today:
        return "in_future"
    return None if starts_on <= day <= ends_on else "outside_dates"
