"""Check-ins."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class CheckIn(Table, Versioned, table=True):
    """The report of an authority on one month or year."""

    __tablename__ = "check_ins"
    __table_args__ = (
        CheckConstraint(
            "kind = 'monthly' AND number BETWEEN 1 AND 12"
            " OR kind = 'yearly' AND number BETWEEN 1 AND 2",
            name="number",
        ),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'accepted', 'returned')", name="state"
        ),
        CheckConstraint("starts_on <= ends_on AND ends_on < due_on", name="due_on"),
        CheckConstraint(
            # Set by the first submission and never cleared.
            "(state = 'draft') = (first_submitted_on IS NULL)",
            name="first_submitted_on",
        ),
        CheckConstraint(
            "(state = 'returned') = (returning_reason IS NOT NULL)",
            name="returning_reason",
        ),
        # Of two check-ins begun for one period at once, this refuses the second.
        Index("uq_check_ins_number", "authority_id", "kind", "number", unique=True),
        Index("ix_check_ins_county_terc", "county_terc", "due_on", "id"),
        Index("ix_check_ins_due_on", "due_on", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    authority_id: UUID = Field(sa_type=Uuid, foreign_key="training.authorities.id")
    kind: str = Field(sa_type=Text)
    number: int
    # Stored with the row: the period stays if the authority's window is corrected.
    starts_on: date
    ends_on: date
    due_on: date
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    content: dict[str, Any] = Field(sa_type=JSONB)
    first_submitted_on: date | None = None
    """The day that decides whether it was late, also after a return."""
    submitted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    submitted_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    decided_by: str | None = Field(default=None, sa_type=Text)
    returning_reason: str | None = Field(default=None, sa_type=Text)
