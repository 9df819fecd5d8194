"""Norm sets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.screening.tables import Table


class NormSet(Table, Versioned, table=True):
    """One version of the norms of an instrument version. At most one is in force.

    A norm set that is or was in force never changes.
    """

    __tablename__ = "norm_sets"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'in_force', 'replaced')", name="state"),
        # Results name their norms by this code.
        UniqueConstraint("instrument_version_id", "code", name="uq_norm_sets_code"),
        Index(
            # All changes hold the lock of the version; the index is a guard in case one
            # does not.
            "uq_norm_sets_in_force",
            "instrument_version_id",
            unique=True,
            postgresql_where=text("state = 'in_force'"),
        ),
    )

    instrument_version_id: UUID = Field(
        sa_type=Uuid, foreign_key="screening.instrument_versions.id"
    )
    code: str = Field(sa_type=Text)
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    document: dict[str, Any] = Field(sa_type=JSONB)
    in_force_from: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    in_force_by: str | None = Field(default=None, sa_type=Text)
    replaced_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
