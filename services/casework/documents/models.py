"""Statutory documents of a child: rulings, opinions, certificates."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Document(Table, Versioned, table=True):
    """One document, with what the law counts from."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR issued_on <= valid_to", name="valid_to"),
        CheckConstraint(
            "delivered_on IS NULL OR issued_on <= delivered_on", name="delivered_on"
        ),
        Index("ix_documents_person_id", "person_id", "issued_on"),
        Index("ix_documents_county_terc", "county_terc", "created_at", "id"),
        Index(
            "uq_documents_number_of_issuer",
            "county_terc",
            "person_id",
            "kind",
            "issuer_regon",
            "number",
            unique=True,
        ),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    case_id: UUID | None = Field(default=None, sa_type=Uuid)
    kind: str = Field(sa_type=Text)
    outcome: str | None = Field(default=None, sa_type=Text)
    issuer_regon: str | None = Field(default=None, sa_type=Text)
    number: str = Field(sa_type=Text)
    issued_on: date
    delivered_on: date | None = None
    """The day on which the guardian received it."""
    handed_in_on: date | None = None
    """The day on which the school or nursery received it: its own deadlines count from then."""
    valid_to: date | None = None
    recorded_by: str = Field(sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """Reason, coupled disability and remarks, sealed under the child's key."""
