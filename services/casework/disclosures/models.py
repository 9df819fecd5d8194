"""Disclosures: whose data were passed on, to whom and on which basis,
and which still wait.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Disclosure(Table, Versioned, table=True):
    """Categories of a child's data for one recipient."""

    __tablename__ = "disclosures"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sent', 'stopped')", name="state"),
        Index("ix_disclosures_person_id", "person_id", "created_at"),
        # To find what still waits on a basis when it is withdrawn.
        Index("ix_disclosures_consent_id", "consent_id", "state"),
        Index("ix_disclosures_referral_id", "referral_id"),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    consent_id: UUID = Field(sa_type=Uuid, foreign_key="casework.consents.id")
    referral_id: UUID | None = Field(default=None, sa_type=Uuid)
    recipient_institution_id: UUID = Field(sa_type=Uuid)
    categories: list[str] = Field(sa_type=ARRAY(Text))
    state: str = Field(sa_type=Text)
    sent_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    stopped_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    stopping_reason: str | None = Field(default=None, sa_type=Text)
