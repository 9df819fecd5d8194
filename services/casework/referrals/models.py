"""Referrals: a child sent to somebody, and what became of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid, text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Referral(Table, Versioned, table=True):
    """Inbound to the county's coordination,
    or outbound to a support service of an institution.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint("direction IN ('inbound', 'outbound')", name="direction"),
        CheckConstraint(
            "(direction = 'outbound') = (support_service_id IS NOT NULL)",
            name="support_service_id",
        ),
        CheckConstraint(
            # Of a screening's child there may be nothing but its reference.
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
            # However often a result is told, it leads to one referral.
            "uq_referrals_screening_id",
            "screening_id",
            unique=True,
            postgresql_where=text("direction = 'inbound'"),
        ),
    )

    county_terc: str = Field(sa_type=Text)
    direction: str = Field(sa_type=Text)
    source: str | None = Field(default=None, sa_type=Text)
    """Of an inbound one, where it comes from."""
    person_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.people.id"
    )
    subject_ref: UUID | None = Field(default=None, sa_type=Uuid)
    """Of a screening whose child nobody has joined to a person yet."""
    screening_id: UUID | None = Field(default=None, sa_type=Uuid)
    case_id: UUID | None = Field(default=None, sa_type=Uuid)
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    """Of an outbound one the institution that is asked;
    of an inbound one the institution that sent it.
    """
    support_service_id: UUID | None = Field(default=None, sa_type=Uuid)
    # As the registry had it when the referral was sent: what people wait for is counted
    # without asking it again.
    sector: str | None = Field(default=None, sa_type=Text)
    support_kind: str | None = Field(default=None, sa_type=Text)
    recommendation_id: UUID | None = Field(default=None, sa_type=Uuid)
    reservation_id: UUID | None = Field(default=None, sa_type=Uuid)
    consent_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.consents.id"
    )
    state: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    """Why it was declined, withdrawn or not kept: a code."""
    sent_on: date
    due_on: date
    """By when the present state has to be left."""
    scheduled_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    closed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    sent_by: str = Field(sa_type=Text)
    # None until it is known under whose key.
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)


class ReferralStep(Table, table=True):
    """One change of a referral's state. They are added and never changed."""

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
