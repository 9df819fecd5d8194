"""Advisory contacts."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlmodel import Field

from services.training.annulling import WHOLE_ANNULMENT, Annullable
from services.training.tables import Table


class AdvisoryContact(Table, Annullable, table=True):
    """Support that an adviser or an expert from outside gave, without a session."""

    __tablename__ = "advisory_contacts"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        # At most a day: a longer time is several contacts, or a typing error.
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint(
            "audience_role IS NOT NULL OR authority_id IS NOT NULL", name="audience"
        ),
        # An adviser is the account that recorded it; an expert has none and is named.
        CheckConstraint(
            "(given_by = 'expert') = (trainer_id IS NOT NULL)"
            " AND given_by IN ('expert', 'adviser')",
            name="given_by",
        ),
        CheckConstraint(WHOLE_ANNULMENT, name="annulled_by"),
        # Lists are sorted by day, in the caller's counties or in all.
        Index("ix_advisory_contacts_county_terc", "county_terc", "contacted_on", "id"),
        Index("ix_advisory_contacts_contacted_on", "contacted_on", "id"),
        Index("ix_advisory_contacts_authority_id", "authority_id"),
        Index("ix_advisory_contacts_trainer_id", "trainer_id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    county_terc: str = Field(sa_type=Text)
    authority_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.authorities.id"
    )
    audience_role: str | None = Field(default=None, sa_type=Text)
    topic: str = Field(sa_type=Text)
    """A code: the words of a conversation are not stored."""
    contacted_on: date
    minutes: int
    given_by: str = Field(sa_type=Text)
    trainer_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.trainers.id"
    )
    """The expert from outside; null where the recording account is the adviser."""
    recorded_by: str = Field(sa_type=Text)
