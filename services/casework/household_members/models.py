"""Members of households: who lives together, and since when."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class HouseholdMember(Table, Versioned, table=True):
    """A person in a household, for a time. A child may live in two households, in turn."""

    __tablename__ = "household_members"
    __table_args__ = (
        CheckConstraint("left_on IS NULL OR joined_on <= left_on", name="left_on"),
        Index(
            # Only of present members: a former member may return.
            "uq_household_members_person_in_household",
            "household_id",
            "person_id",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        Index("ix_household_members_person_id", "person_id"),
    )

    county_terc: str = Field(sa_type=Text)
    household_id: UUID = Field(sa_type=Uuid, foreign_key="casework.households.id")
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    role: str = Field(sa_type=Text)
    joined_on: date
    left_on: date | None = None
