"""Consultation events."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlmodel import Field

from services.training.annulling import WHOLE_ANNULMENT, Annullable
from services.training.tables import Table


class ConsultationEvent(Table, Annullable, table=True):
    """One event with the number of participants of each group, without names."""

    __tablename__ = "consultation_events"
    __table_args__ = (
        CheckConstraint(WHOLE_ANNULMENT, name="annulled_by"),
        CheckConstraint(
            "form IN ('dialogue_meeting', 'education_debate', 'consultation')",
            name="form",
        ),
        CheckConstraint(
            "least(heads, teachers, parents, pupils, employers, ngos) >= 0"
            " AND heads + teachers + parents + pupils + employers + ngos > 0",
            name="people",
        ),
        # Lists are sorted by day, within one authority.
        Index("ix_consultation_events_authority_id", "authority_id", "held_on", "id"),
        Index("ix_consultation_events_county_terc", "county_terc"),
    )

    county_terc: str = Field(sa_type=Text)
    authority_id: UUID = Field(sa_type=Uuid, foreign_key="training.authorities.id")
    held_on: date
    form: str = Field(sa_type=Text)
    topic: str = Field(sa_type=Text)
    # A column for each group, so that one statement sums all groups.
    heads: int
    teachers: int
    parents: int
    pupils: int
    employers: int
    ngos: int
    recorded_by: str = Field(sa_type=Text)
