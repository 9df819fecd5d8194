"""Registrations for conferences."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text, Uuid, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class ConferenceRegistration(Table, Versioned, table=True):
    """One person at one conference: with a place, or waiting for one."""

    __tablename__ = "conference_registrations"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint(
            "state IN ('registered', 'waitlisted', 'withdrawn')", name="state"
        ),
        # A withdrawal deletes the name, which is no longer needed.
        CheckConstraint("(state = 'withdrawn') = (name IS NULL)", name="name"),
        # Attendance is only recorded of people with a place.
        CheckConstraint(
            "has_attended IS NULL OR state = 'registered'", name="has_attended"
        ),
        Index(
            "uq_conference_registrations_account",
            "conference_id",
            "account",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_conference_registrations_line", "conference_id", "sequence"),
        Index("ix_conference_registrations_authority_id", "authority_id"),
    )

    conference_id: UUID = Field(sa_type=Uuid, foreign_key="training.conferences.id")
    county_terc: str = Field(sa_type=Text)
    account: str | None = Field(default=None, sa_type=Text)
    """None for a person whom staff have registered."""
    name: str | None = Field(default=None, sa_type=Text)
    organisation: str = Field(sa_type=Text)
    audience: str = Field(sa_type=Text)
    authority_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.authorities.id"
    )
    state: str = Field(sa_type=Text)
    has_attended: bool | None = None
    """None until attendance is recorded."""
    sequence: int = Field(
        default=None, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    """The order of registration."""
