"""The conclusion, score and checks of a review. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.casework.plans.rules.scaling import Attainment, RatedGoal, t_score


class Conclusion(StrEnum):
    """What follows from a review."""

    CONTINUE = "continue"
    REVISE = "revise"
    # Only advice: a person ends the version by `complete_plan`.
    FINISH = "finish"


class WeighedGoal(NamedTuple):
    """A goal and its weight among the others."""

    goal_id: UUID
    weight: int


def unrated(goals: Sequence[WeighedGoal], levels: Mapping[UUID, int]) -> list[UUID]:
    """The goals without a level in a review.
    A score over only some goals would mislead.
    """
    return [goal.goal_id for goal in goals if goal.goal_id not in levels]


def score(goals: Sequence[WeighedGoal], levels: Mapping[UUID, int]) -> Decimal:
    """The T-score of all goals at these levels, from -2 to 2.

    Raises KeyError for a goal without a level.
    """
    rated = [
        RatedGoal(Attainment(levels[goal.goal_id]), Decimal(goal.weight))
        for goal in goals
    ]
    return t_score(rated)


def date_error(held_on: date, starts_on: date, today: date) -> str | None:
    """Why a review cannot have been held on a day; None when it can."""
    if held_on > today:
        return "in_future"
    # A plan may be reviewed on the day on which it begins.
    return "wrong_order" if held_on < starts_on else None
