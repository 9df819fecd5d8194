"""Retention runs of conferences on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Wire
from services.chassis.web.listing import ListQuery
from services.training.conference_retention_runs.rules import RunState


class ConferenceRetentionRunPropose(Wire):
    """The day on which the months have to be over."""

    as_of: Date = Field(description="today or earlier")

    model_config = ConfigDict(json_schema_extra={"examples": [{"as_of": "2026-01-15"}]})


class ConferenceRetentionRunRead(BaseModel):
    """A run: a proposal until a second person carries it out."""

    id: UUID
    version: int
    as_of: date
    months: int = Field(description="by the rule of that day")
    state: RunState
    conference_ids: list[UUID]
    registrations: int = Field(description="that fell due when it was proposed")
    erased: int | None = Field(description="registrations, once it is carried out")
    proposed_by: str
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime


class ConferenceRetentionRunList(ListQuery):
    """Filters of retention runs."""

    state: list[RunState] | None = None
