"""The roles in a household, and a check of the day of leaving. Pure."""

from datetime import date
from enum import StrEnum


class HouseholdRole(StrEnum):
    """The role of a member in relation to the children of the household."""

    CHILD = "child"
    PARENT = "parent"
    GUARDIAN = "guardian"
    STEP_PARENT = "step_parent"
    GRANDPARENT = "grandparent"
    OTHER_RELATIVE = "other_relative"
    OTHER = "other"


def leaving_code(joined_on: date, left_on: date, today: date) -> str | None:
    """The error code for the day on which a member left; None where it is right."""
    if left_on > today:
        return "in_future"
    # The same day is right: somebody may have moved in and out on it.
    return "wrong_order" if left_on < joined_on else None
