"""Support cases, and the history of their states."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid, text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Case(Table, Versioned, table=True):
    """One child's support, from the first contact to its closing."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint("track IN ('early', 'pupil', 'wokro')", name="track"),
        CheckConstraint(
            # A transferred case as well: it is not worked
            # on until the other county decides.
            "(state IN ('closed', 'withdrawn', 'transferred'))"
            " = (closed_on IS NOT NULL)",
            name="closed_on",
        ),
        Index("ix_cases_county_terc", "county_terc", "changed_at", "id"),
        Index("ix_cases_county_terc_state", "county_terc", "state", "changed_at", "id"),
        Index("ix_cases_coordinator", "coordinator", "changed_at", "id"),
        # For callers of all counties, whose lists have no condition on the county.
        Index("ix_cases_changed_at", "changed_at", "id"),
        Index("ix_cases_person_id", "person_id"),
        Index("ix_cases_institution_id", "institution_id", "changed_at", "id"),
        Index("uq_cases_number", "number", unique=True),
        Index(
            # Without the county: a child has at most one open case even when the record
            # moves. A case that waits for another county counts,
            # because it may come back.
            "uq_cases_pending_of_person",
            "person_id",
            unique=True,
            postgresql_where=text("closed_on IS NULL OR state = 'transferred'"),
        ),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    number: str = Field(sa_type=Text)
    track: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    coordinator: str | None = Field(default=None, sa_type=Text)
    """The account of the person who is responsible for the case."""
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    """The coordinating institution."""
    referral_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.referrals.id"
    )
    organiser_institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    """Where early development support is organised: in one institution at a time."""
    wokro_stage: str | None = Field(default=None, sa_type=Text)
    first_contact_on: date
    first_support_on: date | None = None
    opened_on: date
    review_due_on: date | None = None
    closed_on: date | None = None
    closing_reason: str | None = Field(default=None, sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """Why the family came, in words."""


class CaseStep(Table, table=True):
    """One change of a case's state.

    Steps are added and never changed; their numbers run from 1 without a gap.
    """

    __tablename__ = "case_steps"

    case_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="casework.cases.id"
    )
    number: int = Field(primary_key=True)
    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid)
    verb: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    by: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=DateTime(timezone=True))
