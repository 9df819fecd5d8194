"""An imported plan of an imported case, on the wire."""

from typing import Annotated

from pydantic import Field

from services.casework.cases.rules import Sector, SupportKind
from services.casework.cases.schemas import Account
from services.casework.plan_goals.schemas import GoalCreate, Level
from services.casework.plan_reviews.rules import Conclusion
from services.chassis.ground.scalars import Date, Id, Note, Whole, Wire


class TakenRecommendation(Wire):
    """A recommendation; its later states are recorded by its own verbs."""

    text: Note
    sector: Sector
    institution_id: Id | None = None
    support_kind: SupportKind | None = None
    goal: Annotated[Whole, Field(ge=1)] | None = Field(
        default=None, description="the goal that it serves, by its place from 1"
    )
    due_on: Date


class TakenPlan(Wire):
    """The active plan, as both sides signed it."""

    starts_on: Date
    ends_on: Date | None = None
    review_due_on: Date | None = None
    summary: Note | None = None
    author: Account = Field(max_length=255)
    approved_on: Date = Field(description="the day on which both sides had approved it")
    approved_by: Account = Field(
        max_length=255, description="who of the team signed it beside the parent"
    )
    goals: list[GoalCreate] = Field(min_length=1, max_length=50)
    recommendations: list[TakenRecommendation] = Field(min_length=1, max_length=100)


class TakenReview(Wire):
    """A review that was held."""

    held_on: Date
    levels: list[Level] = Field(
        max_length=50, description="of each goal, in the order of the plan's goals"
    )
    conclusion: Conclusion
    note: Note | None = None
