"""The life of a plan. Pure."""

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
    # A plan that is revised after its consultation is consulted anew.
    PlanState.CONSULTED: ("revise", "adopt"),
    PlanState.ADOPTED: ("start-measure",),
    PlanState.IMPLEMENTING: ("start-measure",),
    # By the step of the authority alone, when its twelve months are over.
    PlanState.MONITORED: (),
}


def start_error(day: date, adopted_on: date, today: date) -> str | None:
    """Why a measure cannot have been started on a day; None when it can."""
    if day > today:
        return "in_future"
    # What began before the resolution is no measure of this plan.
    return "outside_dates" if day < adopted_on else None
