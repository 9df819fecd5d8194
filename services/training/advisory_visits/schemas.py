"""Advisory visits on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.chassis.ground.scalars import Code, Date, QueryFlag, Wire
from services.chassis.web.listing import FileQuery
from services.training.annulling import AnnulledRead
from services.training.sessions.rules import SessionMode
from services.training.sessions.schemas import Minutes


# No adviser is named: it is whoever records it.
class AdvisoryVisitRecord(Wire):
    """A visit of the caller's."""

    visited_on: Date
    minutes: Minutes
    mode: SessionMode
    topic: Code

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "visited_on": "2025-03-12",
                    "minutes": 120,
                    "mode": "on_site",
                    "topic": "diagnosis",
                }
            ]
        }
    )


class AdvisoryVisitRead(AnnulledRead):
    """A visit to an authority."""

    id: UUID
    version: int
    authority_id: UUID
    visited_on: date
    minutes: int
    mode: SessionMode
    topic: str
    recorded_by: str
    created_at: datetime
    changed_at: datetime


class VisitSums(BaseModel):
    """What an authority was given, and until when it may be given more."""

    visits: int
    minutes: int
    window_starts_on: date | None
    window_ends_on: date | None


class AdvisoryVisitList(FileQuery):
    """Filters of visits."""

    topic: list[Code] | None = None
    # Absent, both: a list that hid what was annulled would hide mistakes.
    is_annulled: QueryFlag | None = None
