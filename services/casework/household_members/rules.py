"""Who somebody is in a household, and since when. Pure."""

from datetime import date
from enum import StrEnum


class HouseholdRole(StrEnum):
    """Who somebody is to the children of the household."""

    CHILD = "child"
    PARENT = "parent"
    GUARDIAN = "guardian"
    STEP_PARENT = "step_parent"
    GRANDPARENT = "grandparent"
    OTHER_RELATIVE = "other_relative"
    OTHER = "other"


def leaving_code(joined_on: date, left_on: date, today: date) -> str | None:
    """What is wrong with the day on which somebody is said to have left, as a code."""
    if left_on > today:
        return "in_future"
    # The same day is right: somebody may have moved in and out on it.
    return "wrong_order" if left_on < joined_on else None
