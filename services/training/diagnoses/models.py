"""Diagnoses of digitalisation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Diagnosis(Table, Versioned, table=True):
    """One version of an authority's diagnosis."""

    __tablename__ = "diagnoses"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'accepted', 'returned')", name="state"
        ),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(
            # A returned version keeps the instant of its submission.
            "state = 'draft' OR submitted_at IS NOT NULL",
            name="submitted_at",
        ),
        CheckConstraint(
            "(state = 'returned') = (returning_reason IS NOT NULL)",
            name="returning_reason",
        ),
        # A second guard: numbers are assigned under the lock of the authority.
        Index("uq_diagnoses_number", "authority_id", "number", unique=True),
        Index("ix_diagnoses_county_terc", "county_terc"),
    )

    county_terc: str = Field(sa_type=Text)
    authority_id: UUID = Field(sa_type=Uuid, foreign_key="training.authorities.id")
    number: int
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    # One document: sections are read and written together, and never searched.
    content: dict[str, Any] = Field(sa_type=JSONB)
    """The sections as they were sent; figures are computed from them."""
    submitted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    submitted_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    decided_by: str | None = Field(default=None, sa_type=Text)
    returning_reason: str | None = Field(default=None, sa_type=Text)
