"""Support that was given."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class SupportEvent(Table, Versioned, table=True):
    """One meeting with a child or the family."""

    __tablename__ = "support_events"
    __table_args__ = (
        # At most a day: a longer meeting has another record for the next day.
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint(
            "(annulled_by IS NULL) = (annulling_reason IS NULL)", name="annulled_by"
        ),
        Index("ix_support_events_case_id", "case_id", "occurred_on"),
        Index("ix_support_events_person_id", "person_id", "occurred_on"),
        Index("ix_support_events_county_terc", "county_terc", "occurred_on", "id"),
        Index(
            "ix_support_events_institution_id", "institution_id", "occurred_on", "id"
        ),
        Index("ix_support_events_group_id", "group_id"),
    )

    county_terc: str = Field(sa_type=Text)
    case_id: UUID = Field(sa_type=Uuid, foreign_key="casework.cases.id")
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    occurred_on: date
    kind: str = Field(sa_type=Text)
    form: str = Field(sa_type=Text)
    minutes: int
    is_early_support: bool = False
    """Whether it counts towards the month's hours of early development support."""
    group_id: UUID | None = Field(default=None, sa_type=Uuid)
    """Shared by the records of all children at one meeting."""
    # PostgreSQL has no foreign keys from arrays; merges find this column by its name.
    present: list[UUID] = Field(sa_type=ARRAY(Uuid))
    institution_id: UUID = Field(sa_type=Uuid)
    referral_id: UUID | None = Field(default=None, sa_type=Uuid)
    recommendation_id: UUID | None = Field(default=None, sa_type=Uuid)
    consent_document_id: UUID | None = Field(default=None, sa_type=Uuid)
    """The running body's consent to more hours than the law's maximum."""
    delivered_by: str = Field(sa_type=Text)
    annulled_by: str | None = Field(default=None, sa_type=Text)
    annulling_reason: str | None = Field(default=None, sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """Notes, sealed under the child's key."""
