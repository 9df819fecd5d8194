"""Statutory documents of a child: rulings, opinions, certificates."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    Index,
    LargeBinary,
    Text,
    Uuid,
    false,
    text,
)
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Document(Table, Versioned, table=True):
    """One document, with the days from which the law counts."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR issued_on <= valid_to", name="valid_to"),
        CheckConstraint(
            "delivered_on IS NULL OR issued_on <= delivered_on", name="delivered_on"
        ),
        CheckConstraint(
            # Without either day nothing could ever fall due.
            "issued_on IS NOT NULL OR applied_on IS NOT NULL",
            name="issued_on",
        ),
        # Before each referral the valid documents of one child are selected.
        Index("ix_documents_person_id", "person_id", "issued_on"),
        Index("ix_documents_case_id", "case_id"),
        Index("ix_documents_county_terc", "county_terc", "created_at", "id"),
        Index(
            # NULLs are distinct: several applications without a number may exist.
            "uq_documents_number_of_issuer",
            "county_terc",
            "person_id",
            "kind",
            "number_index",
            unique=True,
        ),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    case_id: UUID | None = Field(default=None, sa_type=Uuid)
    kind: str = Field(sa_type=Text)
    outcome: str | None = Field(default=None, sa_type=Text)
    issuer_regon: str | None = Field(default=None, sa_type=Text)
    number_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    """A digest of issuer and number, because these would identify the child in the
    issuer's records.
    """
    applied_on: date | None = None
    """The day on which the panel received the whole application."""
    is_complex: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )
    """A complex matter: the panel has twice the time."""
    issued_on: date | None = None
    """None while there is only an application."""
    delivered_on: date | None = None
    """The day on which the guardian received it."""
    appealed_on: date | None = None
    handed_in_on: date | None = None
    """The day on which the school or nursery received it:
    its own deadlines count from then.
    """
    begins_with_school_year: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )
    """The pupil begins at that school with the school year."""
    ipet_on: date | None = None
    """The day of the pupil's programme (IPET)."""
    wopfu_on: list[date] = Field(
        default_factory=list,
        sa_type=ARRAY(Date),
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    """The days of the assessments of functioning (WOPFU), of every year."""
    valid_to: date | None = None
    recorded_by: str = Field(sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """Number, multiple disabilities with their reason, and remarks, sealed under the child's key."""
