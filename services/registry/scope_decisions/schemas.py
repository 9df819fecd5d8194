"""Decisions on the scope of a test on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Wire
from services.registry.programmes.schemas import Sphere
from services.registry.tables import RECORDED, Recorded


class ScopeDecisionCreate(Wire):
    """The spheres to be tested at a location."""

    spheres: list[Sphere] = Field(min_length=1, max_length=20)
    decided_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"spheres": [1, 3], "decided_on": "2025-09-15"}]
        }
    )


class ScopeDecisionRead(BaseModel):
    """A decision on the scope; it is valid when both parties have signed it and none supersedes it."""

    id: UUID
    version: int
    site_id: UUID
    spheres: list[int]
    decided_on: date
    signed_by_coalition: str | None
    signed_by_coalition_at: datetime | None
    signed_by_project: str | None
    signed_by_project_at: datetime | None
    superseded_at: datetime | None
    is_valid: bool
    recorded: dict[str, Recorded] = RECORDED
    changed_at: datetime
