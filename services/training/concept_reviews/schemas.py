"""Reviews of versions on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Count, Date, Id, Note, Wire
from services.chassis.web.listing import ListQuery, QueryCount
from services.training.concept_reviews.rules import RecommendationState, ReviewKind
from services.training.programme_versions.schemas import VersionNumber
from services.training.programmes.schemas import ProgrammeCode

# A bound against typing errors: Poland has fewer than 2,500 communes.
Heads = Annotated[Count, Field(ge=1, le=3000)]
RecommendationNumber = Annotated[QueryCount, Field(ge=1, le=200, examples=[1])]


class ConceptReviewCreate(Wire):
    """A review of a proposed version, with its recommendations."""

    programme: ProgrammeCode
    version_number: Annotated[Count, Field(ge=1, le=32767)]
    kind: ReviewKind
    partner_id: Id | None = Field(default=None, description="of a partner's review")
    communes: Heads | None = Field(
        default=None, description="that took part in the workshop"
    )
    counties: Heads | None = Field(
        default=None, description="that took part in the workshop"
    )
    held_on: Date
    summary: Note
    # May be empty: a review need not recommend anything.
    recommendations: list[Note] = Field(max_length=200)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme": "TMW",
                    "version_number": 2,
                    "kind": "workshop_consultation",
                    "communes": 12,
                    "counties": 5,
                    "held_on": "2026-03-02",
                    "summary": "Uwagi uczestników warsztatu.",
                    "recommendations": ["Więcej ćwiczeń w module o diagnozie."],
                }
            ]
        }
    )


class RecommendationDecision(Wire):
    """Why a recommendation is accepted or rejected."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "wykracza poza cele modułu"}]}
    )


class ReviewRecommendationRead(BaseModel):
    """A recommendation, and the decision on it."""

    number: int
    text: str
    state: RecommendationState
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None


class ConceptReviewRead(BaseModel):
    """A review of a version."""

    id: UUID
    version: int
    programme: str = Field(description="the programme's code")
    version_number: int
    kind: ReviewKind
    partner_id: UUID | None
    communes: int | None
    counties: int | None
    held_on: date
    summary: str
    recommendations: list[ReviewRecommendationRead]
    undecided: int = Field(description="recommendations that wait for a decision")
    changed_at: datetime


class ConceptReviewList(ListQuery):
    """Filters of reviews."""

    programme: list[ProgrammeCode] | None = None
    version_number: VersionNumber | None = None
    kind: list[ReviewKind] | None = None
