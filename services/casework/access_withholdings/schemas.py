"""Withholdings on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, Instant, Note, Wire
from services.chassis.web.listing import ListQuery


class WithholdingCreate(Wire):
    """Entries of a child's access log that its guardians are not to see for now."""

    person_id: Id
    withheld_from: Instant
    withheld_to: Instant | None = Field(
        default=None, description="not included; open when absent"
    )
    # May be set when it is made, so that nobody has to remember the release.
    visible_after: Instant | None = Field(
        default=None, description="when they show; absent, until they are released"
    )
    reason: Note = Field(description="why; kept sealed, and in no export")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": "01990000-0000-7000-8000-0000000000c1",
                    "withheld_from": "2026-11-02T00:00:00Z",
                    "reason": "Podejrzenie przemocy w domu, założono Niebieską Kartę.",
                }
            ]
        }
    )


class WithholdingRead(BaseModel):
    """A withholding. The child's guardians do not learn that it exists."""

    id: UUID
    version: int
    county_terc: str
    person_id: UUID
    withheld_from: datetime
    withheld_to: datetime | None
    visible_after: datetime | None
    placed_by: str
    # Absent once the person is erased: the row stays, and the key of its text is gone.
    reason: str | None = None
    created_at: datetime


class WithholdingList(ListQuery):
    """Filters of withholdings."""

    person_id: Id | None = None
