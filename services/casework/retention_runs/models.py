"""Runs of the retention rules: first a dry run, then carried out by a second person."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class RetentionRun(Table, Versioned, table=True):
    """One run of the rules: first a dry run, then carried out by a second person."""

    __tablename__ = "retention_runs"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'approved', 'carried_out', 'declined')", name="state"
        ),
        CheckConstraint(
            # In the table as well, so that no code can skip the second person.
            "decided_by IS NULL OR decided_by <> proposed_by",
            name="decided_by",
        ),
        Index("ix_retention_runs_county_terc", "county_terc", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    as_of: date
    state: str = Field(sa_type=Text)
    # No foreign keys, because the people of a run are erased afterwards.
    people: list[str] = Field(sa_type=JSONB)
    counts: dict[str, Any] = Field(sa_type=JSONB)
    proposed_by: str = Field(sa_type=Text)
    decided_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    job_id: UUID | None = Field(default=None, sa_type=Uuid)
    """The job that carries it out."""
