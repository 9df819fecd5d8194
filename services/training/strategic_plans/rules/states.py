"""The states of a plan. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class PlanState(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    CONSULTED = "consulted"
    ADOPTED = "adopted"
    IMPLEMENTING = "implementing"
    MONITORED = "monitored"


PLAN_ALLOWED: Mapping[PlanState, tuple[str, ...]] = {
    PlanState.DRAFT: ("revise", "consult"),
    # A revision after the consultation needs a new consultation.
    PlanState.CONSULTED: ("revise", "adopt"),
    PlanState.ADOPTED: ("start-measure",),
    PlanState.IMPLEMENTING: ("start-measure",),
    # Only set by the authority's step, after the twelve months.
    PlanState.MONITORED: (),
}


def start_error(day: date, adopted_on: date, today: date) -> str | None:
    """The code of what is wrong with a day of a measure's start; None if possible."""
    if day > today:
        return "in_future"
    # A measure cannot start before the plan's adoption.
    return "outside_dates" if day < adopted_on else None
