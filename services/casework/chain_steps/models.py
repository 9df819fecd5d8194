"""The chain of a lead coordination centre (WOKRO): the finding of each step for a child
and its family.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class CaseChainStep(Table, Versioned, table=True):
    """One completed step. Steps are added and never changed."""

    __tablename__ = "chain_steps"
    __table_args__ = (
        CheckConstraint(
            "step IN ('needs', 'directions_and_schedule', 'services')", name="step"
        ),
        # The finding of a step is never overwritten.
        Index("uq_chain_steps_step_in_case", "case_id", "step", unique=True),
        Index("ix_chain_steps_person_id", "person_id"),
    )

    county_terc: str = Field(sa_type=Text)
    case_id: UUID = Field(sa_type=Uuid, foreign_key="casework.cases.id")
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    step: str = Field(sa_type=Text)
    found_need: bool
    recorded_by: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    sealed: bytes = Field(sa_type=LargeBinary)
    """The finding in words, sealed under the child's key."""
