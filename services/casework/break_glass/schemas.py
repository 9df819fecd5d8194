"""Break-glass on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.casework.break_glass.rules import BreakGlassVerdict, EmergencyReason
from services.chassis.ground.scalars import Id, Note, QueryFlag, Wire
from services.chassis.web.listing import ListQuery

# Long enough that a single character is no reason.
Explanation = Annotated[Note, StringConstraints(min_length=20)]


class BreakGlassOpen(Wire):
    """One child, by its id, with the reason."""

    person_id: Id
    reason_code: EmergencyReason
    reason: Explanation = Field(
        description="in words, at least 20 characters; kept sealed"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": "01990000-0000-7000-8000-0000000000c1",
                    "reason_code": "threat_to_health",
                    "reason": "Dziecko w oddziale ratunkowym, potrzebne są zalecenia.",
                }
            ]
        }
    )


class BreakGlassReview(Wire):
    """The review of an access by another person."""

    verdict: BreakGlassVerdict
    note: Explanation = Field(description="why; kept sealed")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"verdict": "justified", "note": "Potwierdził to lekarz dyżurny."}
            ]
        }
    )


class BreakGlassRead(BaseModel):
    """One access outside the ordinary relations."""

    id: UUID
    version: int
    county_terc: str
    person_id: UUID
    subject: str = Field(description="the account that looks")
    institution_id: UUID | None
    reason_code: EmergencyReason
    # Absent in a list once the child is erased: the key of its text is gone.
    reason: str | None = None
    opened_at: datetime
    ends_at: datetime
    review_due_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    verdict: BreakGlassVerdict | None
    note: str | None = None


class BreakGlassList(ListQuery):
    """Filters of accesses."""

    person_id: Id | None = None
    is_reviewed: QueryFlag | None = None
