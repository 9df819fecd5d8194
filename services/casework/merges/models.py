"""Merges of two records that are one person:
proposed by one person, decided by another, and undone if it was wrong.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Merge(Table, Versioned, table=True):
    """The merge of one record into another."""

    __tablename__ = "merges"
    __table_args__ = (
        CheckConstraint("kept_id <> merged_id", name="merged_id"),
        CheckConstraint(
            "state IN ('proposed', 'merged', 'declined', 'undone')", name="state"
        ),
        Index("ix_merges_county_terc", "county_terc", "created_at", "id"),
        # Merges are listed by either record.
        Index("ix_merges_kept_id", "kept_id"),
        Index(
            # Partial: a declined or undone merge may be proposed again.
            "uq_merges_merged_id",
            "merged_id",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'merged')"),
        ),
    )

    county_terc: str = Field(sa_type=Text)
    kept_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    merged_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    state: str = Field(sa_type=Text)
    proposed_by: str = Field(sa_type=Text)
    decided_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    moved: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=JSONB,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    """By table and column, the keys of the rows that were moved, for `undo`."""
