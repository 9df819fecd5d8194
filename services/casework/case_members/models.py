"""The team of a case: specialists of the sectors, each for a time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, Uuid, text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class CaseMember(Table, Versioned, table=True):
    """Somebody in the team of a case."""

    __tablename__ = "case_members"
    __table_args__ = (
        Index(
            # Only of present members: a former member may join again.
            "uq_case_members_subject_in_case",
            "case_id",
            "subject",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
        ),
        Index("ix_case_members_subject", "subject"),
    )

    county_terc: str = Field(sa_type=Text)
    case_id: UUID = Field(sa_type=Uuid, foreign_key="casework.cases.id")
    person_id: UUID = Field(sa_type=Uuid)
    """The child."""
    subject: str = Field(sa_type=Text)
    display_name: str = Field(sa_type=Text)
    """The professional name by which the family knows this person."""
    profession: str = Field(sa_type=Text)
    sector: str = Field(sa_type=Text)
    institution_id: UUID = Field(sa_type=Uuid)
    telephone: str | None = Field(default=None, sa_type=Text)
    joined_at: datetime = Field(sa_type=DateTime(timezone=True))
    left_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
