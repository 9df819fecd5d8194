"""Legal holds: people whose records must not be erased."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class LegalHold(Table, Versioned, table=True):
    """A hold on a person's records, which are not erased until it is released."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        # Every erasure asks first whether the person has a hold.
        Index("ix_legal_holds_person_id", "person_id"),
        Index("ix_legal_holds_county_terc", "county_terc", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    placed_by: str = Field(sa_type=Text)
    released_by: str | None = Field(default=None, sa_type=Text)
    released_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    sealed: bytes = Field(sa_type=LargeBinary)
    """Why, in words, sealed under the person's key."""
