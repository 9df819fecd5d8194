"""Guardianships: who acts for a child, in which scopes, and for how long."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Guardianship(Table, Versioned, table=True):
    """One person's authority over a child, within its scopes and its time."""

    __tablename__ = "guardianships"
    __table_args__ = (
        CheckConstraint("child_id <> guardian_id", name="guardian_id"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="ends_on"),
        Index(
            # Only those that are not ended: a guardianship of another kind needs this
            # one to be ended first.
            "uq_guardianships_guardian_of_child",
            "child_id",
            "guardian_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_guardianships_guardian_id", "guardian_id"),
    )

    county_terc: str = Field(sa_type=Text)
    child_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    guardian_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    kind: str = Field(sa_type=Text)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    starts_on: date
    ends_on: date | None = None
    """The last day that a court has set.

    The child's majority follows from the birth date.
    """
    ended_on: date | None = None
    """The day from which it no longer holds, because somebody ended it."""
    ending_reason: str | None = Field(default=None, sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """The court's ruling, sealed under the child's key."""
