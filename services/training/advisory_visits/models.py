"""Advisory visits."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlmodel import Field

from services.training.annulling import WHOLE_ANNULMENT, Annullable
from services.training.tables import Table


class AdvisoryVisit(Table, Annullable, table=True):
    """One visit: when, how long, about what, and by which account."""

    __tablename__ = "advisory_visits"
    __table_args__ = (
        CheckConstraint(WHOLE_ANNULMENT, name="annulled_by"),
        # At most a day: a longer time is two visits.
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("mode IN ('online', 'on_site')", name="mode"),
        Index("ix_advisory_visits_authority_id", "authority_id", "visited_on", "id"),
        Index("ix_advisory_visits_county_terc", "county_terc"),
    )

    county_terc: str = Field(sa_type=Text)
    authority_id: UUID = Field(sa_type=Uuid, foreign_key="training.authorities.id")
    visited_on: date
    minutes: int
    mode: str = Field(sa_type=Text)
    topic: str = Field(sa_type=Text)
    """A code: the words of a conversation are not stored."""
    recorded_by: str = Field(sa_type=Text)
