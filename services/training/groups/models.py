"""Training groups."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Group(Table, Versioned, table=True):
    """People who are trained together, by one version of a programme."""

    __tablename__ = "groups"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint(
            "state IN ('planned', 'open', 'running', 'completed', 'cancelled')",
            name="state",
        ),
        CheckConstraint("capacity > 0", name="capacity"),
        # No more people than seats, also with concurrent enrolments.
        CheckConstraint("seats_taken BETWEEN 0 AND capacity", name="seats_taken"),
        CheckConstraint("waiting >= 0", name="waiting"),
        CheckConstraint("starts_on <= ends_on", name="ends_on"),
        CheckConstraint("(state = 'cancelled') = (reason IS NOT NULL)", name="reason"),
        Index("uq_groups_code", "programme_version_id", "code", unique=True),
        Index("ix_groups_starts_on", "starts_on", "id"),
        Index("ix_groups_county_terc", "county_terc"),
    )

    county_terc: str = Field(sa_type=Text)
    """The county that organises it."""
    programme_version_id: UUID = Field(
        sa_type=Uuid, foreign_key="training.programme_versions.id"
    )
    code: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    capacity: int
    # Stored and not counted: the lock on this row decides who gets the last seat.
    seats_taken: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    waiting: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    state: str = Field(
        default="planned", sa_type=Text, sa_column_kwargs={"server_default": "planned"}
    )
    starts_on: date
    ends_on: date
    reason: str | None = Field(default=None, sa_type=Text)
    """Why it was cancelled."""


class GroupTrainer(Table, table=True):
    """A trainer of a group."""

    __tablename__ = "group_trainers"
    __table_args__ = (Index("ix_group_trainers_trainer_id", "trainer_id"),)

    group_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.groups.id"
    )
    trainer_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.trainers.id"
    )
