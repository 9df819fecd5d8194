"""Consents, and the other legal bases on which data about a child may be passed on."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Consent(Table, Versioned, table=True):
    """One basis: for one purpose, one recipient and named categories, for a time."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="valid_to"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_at"
        ),
        # A basis without categories would cover nothing.
        CheckConstraint("cardinality(categories) > 0", name="categories"),
        # Asked before every disclosure.
        Index("ix_consents_person_id", "person_id", "purpose"),
        Index("ix_consents_county_terc", "county_terc", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    basis: str = Field(sa_type=Text)
    exception: str | None = Field(default=None, sa_type=Text)
    """The exception of art. 30a of the education law, where there is no consent."""
    purpose: str = Field(sa_type=Text)
    recipient_institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    categories: list[str] = Field(sa_type=ARRAY(Text))
    given_by_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.people.id"
    )
    valid_from: date
    valid_to: date | None = None
    copied_from_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.consents.id"
    )
    """For a twin: the basis recorded before the birth for the expected child."""
    recorded_by: str = Field(sa_type=Text)
    withdrawn_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    withdrawn_by: str | None = Field(default=None, sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """The act and the evidence, in words, sealed under the child's key."""
