"""Enrolments in groups."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Enrolment(Table, Versioned, table=True):
    """One person in one group: with a seat, or waiting for one."""

    __tablename__ = "enrolments"
    __table_args__ = (
        CheckConstraint(
            "state IN ('applied', 'accepted', 'waitlisted', 'rejected', 'attending',"
            " 'completed', 'withdrawn')",
            name="state",
        ),
        CheckConstraint("is_preferred = (preference IS NOT NULL)", name="preference"),
        # A preference needs a source that can be looked up.
        CheckConstraint(
            "is_preferred = (preference_source IS NOT NULL)", name="preference_source"
        ),
        CheckConstraint("state <> 'rejected' OR reason IS NOT NULL", name="reason"),
        # Partial: a person who left or was rejected may be enrolled again.
        Index(
            "uq_enrolments_trainee_in_group",
            "group_id",
            "trainee_id",
            unique=True,
            postgresql_where=text("state NOT IN ('rejected', 'withdrawn')"),
        ),
        # The order of the waiting list: preferred people first, then by enrolment.
        Index(
            "ix_enrolments_waiting",
            "group_id",
            text("is_preferred DESC"),
            "sequence",
            postgresql_where=text("state = 'waitlisted'"),
        ),
        Index("ix_enrolments_group_id", "group_id", "sequence"),
        Index("ix_enrolments_trainee_id", "trainee_id"),
        Index("ix_enrolments_county_terc", "county_terc", "created_at", "id"),
        Index("ix_enrolments_created_at", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    """The trainee's county."""
    group_id: UUID = Field(sa_type=Uuid, foreign_key="training.groups.id")
    trainee_id: UUID = Field(sa_type=Uuid, foreign_key="training.trainees.id")
    state: str = Field(sa_type=Text)
    sequence: int = Field(
        default=None, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    """The order of enrolment."""
    is_preferred: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    preference: str | None = Field(default=None, sa_type=Text)
    """The code of the reason why this person goes before others on the waiting list."""
    preference_source: str | None = Field(default=None, sa_type=Text)
    """The list or act behind the preference, on the day of enrolment."""
    accepted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    reason: str | None = Field(default=None, sa_type=Text)
    """The code of the reason for the rejection or withdrawal."""
