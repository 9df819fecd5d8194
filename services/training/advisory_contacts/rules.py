"""Checks of an advisory contact's fields. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum


class Giver(StrEnum):
    """Who gave the support."""

    ADVISER = "adviser"
    EXPERT = "expert"


def audience_errors(
    field_names: Collection[str], *, is_of_authority: bool
) -> list[tuple[str, str]]:
    """Fields that are missing or not allowed, each with its code. Programme and county
    of an authority are known, and so not allowed beside it.
    """
    if is_of_authority:
        # Refused and not compared: of two that differ, neither would be certain.
        known_by_authority = ("programme_id", "county_terc")
        return [
            (name, "not_allowed") for name in known_by_authority if name in field_names
        ]
    needed = ("programme_id", "county_terc", "audience_role")
    return [(name, "missing") for name in needed if name not in field_names]


def day_error(day: date, starts_on: date, ends_on: date, today: date) -> str | None:
    """The code of what is wrong with a day of advice; None for a possible day."""
    # No future day: support is recorded after it was given, not when it is agreed.
    if day > today:
        return "in_future"
    return None if starts_on <= day <= ends_on else "outside_dates"
