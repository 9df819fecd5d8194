"""Recommendations of a plan on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.cases.rules import Sector, SupportKind
from services.casework.plans.rules.recommendations import (
    Effect,
    NotDoneReason,
    RecommendationState,
    RecommendationVerb,
)
from services.chassis.ground.scalars import Date, Id, Note, Wire


class RecommendationCreate(Wire):
    """A new recommendation of a draft."""

    text: Note = Field(description="what is to be done; kept sealed")
    sector: Sector
    institution_id: Id | None = Field(
        default=None, description="who is responsible for it"
    )
    support_kind: SupportKind | None = None
    goal_id: Id | None = Field(default=None, description="the goal that it serves")
    due_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "Zajęcia z logopedą raz w tygodniu.",
                    "sector": "education",
                    "support_kind": "therapeutic",
                    "due_on": "2027-02-01",
                }
            ]
        }
    )


class RecommendationUpdate(Wire):
    """A merge patch of a draft's recommendation: what is left out stays, null clears."""

    # Only fields that were sent are read (`exclude_unset`). These defaults let a field
    # be left out but do not allow null.
    text: Note = Field(default_factory=str)
    sector: Sector = Field(default_factory=lambda: Sector.HEALTH)
    institution_id: Id | None = None
    support_kind: SupportKind | None = None
    goal_id: Id | None = None
    due_on: Date = Field(default_factory=lambda: date.min)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"due_on": "2027-03-01"}]}
    )


# One body for all verbs: `ending_error` checks which fields belong to which verb.
class RecommendationEnd(Wire):
    """The result of a recommendation."""

    effect: Effect | None = Field(
        default=None, description="of what was done, what it has brought"
    )
    reason: NotDoneReason | None = Field(
        default=None, description="of what was not done, why"
    )
    note: Note | None = Field(default=None, description="in words; kept sealed")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"effect": "partial"}, {"reason": "no_capacity"}, {}]
        }
    )


class RecommendationEffect(Wire):
    """The effect of a completed recommendation."""

    effect: Effect
    note: Note | None = Field(
        default=None, description="in words; kept sealed, in place of the one before"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"effect": "full"}]})


class RecommendationRead(BaseModel):
    """A recommendation of a version."""

    id: UUID
    version: int
    plan_id: UUID
    number: int
    goal_id: UUID | None
    sector: Sector
    institution_id: UUID | None
    support_kind: SupportKind | None
    due_on: date
    state: RecommendationState
    reason: NotDoneReason | None
    effect: Effect | None
    ended_at: datetime | None
    earlier_id: UUID | None = Field(description="the same one in the version before")
    text: str | None = None
    note: str | None = None
    allowed: list[RecommendationVerb]
