"""Instruments and their versions."""

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


class Instrument(Table, Versioned, table=True):
    """An instrument of a family.

    Its questions and its scoring are in its versions.
    """

    __tablename__ = "instruments"
    __table_args__ = (
        UniqueConstraint("code", name="uq_instruments_code"),
        Index("ix_instruments_supersedes", "supersedes"),
    )

    code: str = Field(sa_type=Text)
    family: str = Field(sa_type=Text)
    name: dict[str, str] = Field(sa_type=JSONB)
    description: dict[str, str] | None = Field(default=None, sa_type=JSONB)
    purpose: str = Field(sa_type=Text)
    supersedes: str | None = Field(
        default=None, sa_type=Text, foreign_key="screening.instruments.code"
    )


class InstrumentVersion(Table, Versioned, table=True):
    """One version of an instrument. Its definition never changes once it is published."""

    __tablename__ = "instrument_versions"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("state IN ('draft', 'published', 'retired')", name="state"),
        UniqueConstraint(
            "instrument_id", "number", name="uq_instrument_versions_number"
        ),
        Index(
            # Two requests at the same time cannot load one package twice; versions that
            # were drafted here have no digest.
            "ix_instrument_versions_package_digest",
            "package_digest",
            unique=True,
            postgresql_where=text("package_digest IS NOT NULL"),
        ),
    )

    instrument_id: UUID = Field(sa_type=Uuid, foreign_key="screening.instruments.id")
    number: int
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    definition: dict[str, Any] = Field(sa_type=JSONB)
    publisher: str | None = Field(default=None, sa_type=Text)
    package_digest: str | None = Field(default=None, sa_type=Text)
    published_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    published_by: str | None = Field(default=None, sa_type=Text)
    retired_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    retiring_reason: str | None = Field(default=None, sa_type=Text)
