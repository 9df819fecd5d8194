"""Retention runs on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.people.schemas import CountyTerc
from services.casework.retention_runs.rules import RunState, RunVerb
from services.chassis.ground.scalars import Date, Wire
from services.chassis.web.listing import ListQuery


class RetentionRunPropose(Wire):
    """A dry run: nothing is erased by it."""

    county_terc: CountyTerc
    # It may be in the future, to see in time who will be due.
    as_of: Date = Field(description="the day on which the years are to be over")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"county_terc": "2469", "as_of": "2026-12-31"}]}
    )


class RetentionRunSummary(BaseModel):
    """A run, as a list shows it."""

    id: UUID
    version: int
    county_terc: str
    as_of: date
    state: RunState
    counts: dict[str, int] = Field(
        description="people by outcome: due, on_hold, restricted, of_a_child,"
        " to_archive; after it erased and kept"
    )
    proposed_by: str
    decided_by: str | None
    decided_at: datetime | None
    job_id: UUID | None = Field(description="the job that carries it out")
    created_at: datetime


class RetentionRunRead(RetentionRunSummary):
    """A run with its people."""

    people: list[UUID] = Field(description="who is to be erased, 1,000 at most")
    allowed: list[RunVerb]


class RetentionRunList(ListQuery):
    """Filters of runs."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    state: RunState | None = None


class RetentionRunResult(BaseModel):
    """How many were erased, and how many were no longer due."""

    erased: int = Field(description="people who were erased")
    kept: int = Field(description="people who were no longer due")
