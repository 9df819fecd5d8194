"""How long what is kept, and what was erased."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class RetentionRule(Table, Versioned, table=True):
    """For how many years after which event a kind of record is kept, and what happens then."""

    __tablename__ = "retention_rules"
    __table_args__ = (
        CheckConstraint("years BETWEEN 0 AND 100", name="years"),
        CheckConstraint("action IN ('erase', 'archive')", name="action"),
        Index(
            "ix_retention_rules_county_terc", "county_terc", "record_kind", "valid_from"
        ),
    )

    county_terc: str = Field(sa_type=Text)
    record_kind: str = Field(sa_type=Text)
    starts_with: str = Field(sa_type=Text)
    """The event from which the years are counted."""
    years: int
    action: str = Field(sa_type=Text)
    legal_basis: str = Field(sa_type=Text)
    valid_from: date
    valid_to: date | None = None


class RetentionRun(Table, Versioned, table=True):
    """One application of the rules: a dry run first, carried out by a second person."""

    __tablename__ = "retention_runs"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'carried_out', 'declined')", name="state"
        ),
        CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by", name="decided_by"
        ),
        Index("ix_retention_runs_county_terc", "county_terc", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    as_of: date
    state: str = Field(sa_type=Text)
    people: list[str] = Field(sa_type=JSONB)
    counts: dict[str, Any] = Field(sa_type=JSONB)
    proposed_by: str = Field(sa_type=Text)
    decided_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class LegalHold(Table, Versioned, table=True):
    """Somebody's records are not erased while it lasts."""

    __tablename__ = "legal_holds"
    __table_args__ = (Index("ix_legal_holds_person_id", "person_id"),)

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    reason: str = Field(sa_type=Text)
    placed_by: str = Field(sa_type=Text)
    released_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Tombstone(Table, table=True):
    """Who was erased, as a digest: applied again after a restore, before anything is served."""

    __tablename__ = "tombstones"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    county_terc: str = Field(sa_type=Text)
    basis: str = Field(sa_type=Text)
    approved_by: str = Field(sa_type=Text)
    erased_at: datetime = Field(sa_type=DateTime(timezone=True))
