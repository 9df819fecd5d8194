"""Runs of the retention rules of conferences."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Index, Text, Uuid
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class ConferenceRetentionRun(Table, Versioned, table=True):
    """The conferences whose registrations fall due on a day, and the decision."""

    __tablename__ = "conference_retention_runs"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'carried_out', 'declined')", name="state"
        ),
        # Two different people, also for writes that skip the code's check.
        CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL)"
            " AND (decided_by IS NULL) = (decided_at IS NULL)"
            " AND decided_by <> proposed_by",
            name="decided_by",
        ),
        Index("ix_conference_retention_runs_created_at", "created_at", "id"),
    )

    as_of: date
    months: int
    """By the rule of that day."""
    state: str = Field(sa_type=Text)
    conference_ids: list[UUID] = Field(sa_type=ARRAY(Uuid))
    registrations: int
    """The number that fell due when the run was proposed."""
    erased: int | None = None
    proposed_by: str = Field(sa_type=Text)
    decided_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
