"""Functional assessments, one for each assessor and day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Assessment(Table, Versioned, table=True):
    """One assessor's assessment."""

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'completed', 'annulled')", name="state"),
        Index("ix_assessments_case_id", "case_id", "assessed_on"),
        Index("ix_assessments_person_id", "person_id"),
        # In the order of the list, so that a page needs no sorting.
        Index("ix_assessments_county_terc", "county_terc", "changed_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    case_id: UUID = Field(sa_type=Uuid, foreign_key="casework.cases.id")
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    kind: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    assessed_on: date
    assessor: str = Field(sa_type=Text)
    sector: str = Field(sa_type=Text)
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    screening_id: UUID | None = Field(default=None, sa_type=Uuid)
    completed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    sealed: bytes = Field(sa_type=LargeBinary)
    """ICF findings, strengths, needs and why it was annulled,
    sealed under the child's key.
    """
