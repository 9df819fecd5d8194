"""Merges of two records that are one person:
proposed by one, decided by another, and taken back when wrong.
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
    """One record that becomes part of another."""

    __tablename__ = "merges"
    __table_args__ = (
        CheckConstraint("kept_id <> merged_id", name="merged_id"),
        CheckConstraint(
            "state IN ('proposed', 'merged', 'declined', 'undone')", name="state"
        ),
        Index("ix_merges_county_terc", "county_terc", "created_at", "id"),
        # Listed by either record: what it became part of, and what became part of it.
        Index("ix_merges_kept_id", "kept_id"),
        Index(
            # Partial: what was declined or undone may be proposed again.
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
    """By table the ids of the rows that led to the merged record:
    they go back when it is undone.
    """
