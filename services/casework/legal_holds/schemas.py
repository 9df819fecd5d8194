"""Legal holds on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, Note, QueryFlag, Wire
from services.chassis.web.listing import ListQuery


class LegalHoldCreate(Wire):
    """A new hold on a person's records."""

    person_id: Id
    reason: Note = Field(description="why; kept sealed")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": "01990000-0000-7000-8000-0000000000c1",
                    "reason": "Postępowanie przed sądem rodzinnym, III Nsm 1/26.",
                }
            ]
        }
    )


class LegalHoldRead(BaseModel):
    """A legal hold."""

    id: UUID
    version: int
    county_terc: str
    person_id: UUID
    placed_by: str
    released_by: str | None
    released_at: datetime | None
    # None in a list once the person is erased: the key is gone, and the text with it.
    reason: str | None = None
    created_at: datetime


class LegalHoldList(ListQuery):
    """Filters of legal holds."""

    person_id: Id | None = None
    is_released: QueryFlag | None = None
