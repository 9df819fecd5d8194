"""Withholdings: entries of a child's access log that its guardians do not see yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class AccessWithholding(Table, Versioned, table=True):
    """Accesses within a period that guardians do not see until they are released: a
    child may need protection at home.
    """

    __tablename__ = "access_withholdings"
    __table_args__ = (
        CheckConstraint(
            "withheld_to IS NULL OR withheld_from < withheld_to", name="withheld_to"
        ),
        # Every time a family reads its log, withholdings are looked up by the person.
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
    """The time from which the guardians see the entries; None while they stay hidden.
    """
    placed_by: str = Field(sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """Why, in words, sealed under the child's key."""
