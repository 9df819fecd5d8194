"""Re-scorings, and the new result of each screening."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.screening.tables import Table


class Rescoring(Table, Versioned, table=True):
    """A population scored again with another norm set.

    No result changes until a person accepts it.
    """

    __tablename__ = "rescorings"
    __table_args__ = (
        CheckConstraint(
            "state IN ('computing', 'computed', 'accepted', 'discarded')", name="state"
        ),
        CheckConstraint(
            "(state IN ('accepted', 'discarded')) = (decided_by IS NOT NULL)",
            name="decided_by",
        ),
        Index("ix_rescorings_created_at", "created_at", "id"),
    )

    instrument_code: str = Field(sa_type=Text)
    instrument_version: int
    norm_set_id: UUID = Field(
        sa_type=Uuid, foreign_key="screening.norm_sets.id", index=True
    )
    campaign_id: UUID | None = Field(default=None, sa_type=Uuid)
    counties: list[str] = Field(sa_type=ARRAY(Text))
    state: str = Field(default="computing", sa_type=Text)
    # Null only within the transaction: the job needs the id of the re-scoring, so the
    # row is written first.
    job_id: UUID | None = Field(default=None, sa_type=Uuid)
    considered: int | None = None
    changing: int | None = None
    applied: int | None = None
    requested_by: str = Field(sa_type=Text)
    decided_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class RescoringDecision(Table, table=True):
    """The new result of a screening beside its present one. Under row-level security."""

    __tablename__ = "rescoring_decisions"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        Index("ix_rescoring_decisions_screening_id", "screening_id"),
        Index(
            # Partial: of thousands of decisions few change, and people look through
            # only these.
            "ix_rescoring_decisions_changing",
            "rescoring_id",
            "screening_id",
            postgresql_where=text("is_changing"),
        ),
    )

    rescoring_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.rescorings.id"
    )
    screening_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.screenings.id"
    )
    county_terc: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    old_norm_set_id: UUID | None = Field(default=None, sa_type=Uuid)
    old_outcome: str | None = Field(default=None, sa_type=Text)
    new_outcome: str = Field(sa_type=Text)
    old_bands: dict[str, Any] = Field(sa_type=JSONB)
    new_bands: dict[str, Any] = Field(sa_type=JSONB)
    is_changing: bool
    new_result: dict[str, Any] = Field(sa_type=JSONB)
