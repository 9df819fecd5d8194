"""Versions of a plan on the wire: with all parts, and their differences."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.plan_goals.schemas import GoalRead
from services.casework.plan_recommendations.schemas import RecommendationRead
from services.casework.plan_reviews.schemas import ReviewRead
from services.casework.plan_steps.schemas import StepRead
from services.casework.plans.rules.differences import ChangeKind, Part
from services.casework.plans.rules.life import PlanNeed
from services.casework.plans.schemas import PlanRead
from services.chassis.ground.scalars import Date, Id, Note, Wire


class PlanCreate(Wire):
    """A new version of a case's plan."""

    case_id: Id
    starts_on: Date
    ends_on: Date | None = None
    review_due_on: Date | None = None
    pathway_id: Id | None = Field(
        default=None,
        description="a published pathway, whose steps become steps of the plan",
    )
    summary: Note | None = Field(
        default=None, description="what the plan is about, in the family's words"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case_id": "01990000-0000-7000-8000-0000000000ca",
                    "starts_on": "2026-12-01",
                    "summary": "Zosia uczy się mówić, a rodzice uczą się jej pomagać.",
                }
            ]
        }
    )


class PlanApprove(Wire):
    """Whose approval it is, where a signature on paper is recorded."""

    approver_id: Id | None = Field(
        default=None,
        description="a guardian, or the pupil of age, who signed on paper; absent"
        " where the caller approves",
    )

    # Empty in the usual case: the caller approves.
    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class PlanReturn(Wire):
    """What has to change before it is proposed again."""

    # Free text, because the author has to work with it; sealed with the summary.
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "brakuje celu dla taty"}]}
    )


Side = Literal["guardian", "pupil", "team"]


class ApprovalRead(BaseModel):
    """Who approved a version, and when."""

    side: Side
    subject: str
    approver_id: UUID | None
    recorded_by: str
    approved_at: datetime


class PlanWhole(PlanRead):
    """A version of a plan with all its parts."""

    goals: list[GoalRead]
    recommendations: list[RecommendationRead]
    steps: list[StepRead]
    reviews: list[ReviewRead]
    approvals: list[ApprovalRead]
    missing: list[PlanNeed] = Field(
        description="what it lacks for its next state: of a draft to be proposed, of"
        " a proposed one to be approved"
    )


class FieldDifference(BaseModel):
    """A field before and after."""

    field: str
    # Of any type: a text, a day, a number, or a list of levels.
    before: Any
    after: Any


class ItemDifference(BaseModel):
    """What happened to a goal, a recommendation or a step between two versions."""

    part: Part
    id: UUID = Field(description="in the later version, or of what was removed")
    kind: ChangeKind
    fields: list[FieldDifference]


class PlanDifference(BaseModel):
    """The differences between an earlier and a later version."""

    earlier_id: UUID
    later_id: UUID
    starts_on: list[date] = Field(
        min_length=2,
        max_length=2,
        description="of the earlier version, then of the later",
    )
    items: list[ItemDifference]
