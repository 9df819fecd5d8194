"""Withholdings: entries of a child's access log that its guardians do not see yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class AccessWithholding(Table, Versioned, table=True):
    """What was done within a period, withheld until it is released: a child may need
    protection at home.
    """

    __tablename__ = "access_withholdings"
    __table_args__ = (
        CheckConstraint(
            "withheld_to IS NULL OR withheld_from < withheld_to", name="withheld_to"
        ),
        # Every look of a family at its log asks by the person.
        Index("ix_access_withholdings_person_id", "person_id"),
        Index("ix_access_withholdings_county_terc", "county_terc", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    withheld_from: datetime = Field(sa_type=DateTime(timezone=True))
    withheld_to: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    visible_after: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    """When the entries show; until it is set they do not."""
    placed_by: str = Field(sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """Why, in words, sealed under the child's key."""
