"""Referrals of children, and their results."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid, text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Referral(Table, Versioned, table=True):
    """A referral: inbound to the county's coordination, or outbound to a support
    service of an institution.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint("direction IN ('inbound', 'outbound')", name="direction"),
        CheckConstraint(
            "(direction = 'outbound') = (support_service_id IS NOT NULL)",
            name="support_service_id",
        ),
        CheckConstraint(
            # A child of a screening may be known only by its reference.
            "person_id IS NOT NULL OR subject_ref IS NOT NULL",
            name="person_id",
        ),
        Index("ix_referrals_county_terc", "county_terc", "created_at", "id"),
        Index(
            "ix_referrals_open",
            "county_terc",
            "due_on",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_referrals_institution_id", "institution_id", "state", "created_at"),
        Index("ix_referrals_person_id", "person_id"),
        Index("ix_referrals_case_id", "case_id"),
        Index(
            # A result leads to one referral, even if its event comes several times.
            "uq_referrals_screening_id",
            "screening_id",
            unique=True,
            postgresql_where=text("direction = 'inbound'"),
        ),
    )

    county_terc: str = Field(sa_type=Text)
    direction: str = Field(sa_type=Text)
    source: str | None = Field(default=None, sa_type=Text)
    """Who refers: one of `ReferralOrigin`."""
    person_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.people.id"
    )
    subject_ref: UUID | None = Field(default=None, sa_type=Uuid)
    """For a screening whose child is not identified yet."""
    screening_id: UUID | None = Field(default=None, sa_type=Uuid)
    case_id: UUID | None = Field(default=None, sa_type=Uuid)
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    """Outbound: the receiving institution; inbound: the institution that sent it."""
    support_service_id: UUID | None = Field(default=None, sa_type=Uuid)
    # Copied from the registry when the referral was sent, so that counts need no call
    # to the registry.
    sector: str | None = Field(default=None, sa_type=Text)
    support_kind: str | None = Field(default=None, sa_type=Text)
    recommendation_id: UUID | None = Field(default=None, sa_type=Uuid)
    reservation_id: UUID | None = Field(default=None, sa_type=Uuid)
    consent_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.consents.id"
    )
    state: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    """A code for why it was declined or withdrawn."""
    sent_on: date
    due_on: date
    """The last day for the next step; once it has ended, the day that applied then."""
    scheduled_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    closed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    sent_by: str = Field(sa_type=Text)
    # None until the child, whose key seals it, is identified.
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)


class ReferralStep(Table, table=True):
    """One change of a referral's state. Steps are added and never changed."""

    __tablename__ = "referral_steps"

    referral_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="casework.referrals.id"
    )
    number: int = Field(primary_key=True)
    county_terc: str = Field(sa_type=Text)
    person_id: UUID | None = Field(default=None, sa_type=Uuid)
    state: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    by: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=DateTime(timezone=True))
