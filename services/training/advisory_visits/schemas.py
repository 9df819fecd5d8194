"""Advisory visits on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.chassis.ground.scalars import Code, Date, QueryFlag, Wire
from services.chassis.web.listing import FileQuery
from services.training.annulling import AnnulledRead
from services.training.sessions.rules import SessionMode
from services.training.sessions.schemas import Minutes


# No field for the adviser: it is the account that records the visit.
class AdvisoryVisitRecord(Wire):
    """A visit by the caller."""

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
    """Number and minutes of an authority's visits, and the window for them."""

    visits: int
    minutes: int
    window_starts_on: date | None
    window_ends_on: date | None


class AdvisoryVisitList(FileQuery):
    """Filters of visits."""

    topic: list[Code] | None = None
    # Both by default: a list without annulled records would hide mistakes.
    is_annulled: QueryFlag | None = None
