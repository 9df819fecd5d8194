"""The goals of a plan version."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Goal(Table, Versioned, table=True):
    """What is to be reached for whom, with its scale of attainment."""

    __tablename__ = "plan_goals"
    __table_args__ = (
        CheckConstraint(
            "subject IN ('child', 'pupil', 'family', 'environment')", name="subject"
        ),
        CheckConstraint("weight BETWEEN 1 AND 10", name="weight"),
        CheckConstraint("baseline BETWEEN -2 AND 2", name="baseline"),
        Index("uq_plan_goals_number_in_plan", "plan_id", "number", unique=True),
    )

    county_terc: str = Field(sa_type=Text)
    plan_id: UUID = Field(sa_type=Uuid, foreign_key="casework.plans.id")
    # Copied from the plan: row-level security sees this row alone.
    case_id: UUID = Field(sa_type=Uuid)
    person_id: UUID = Field(sa_type=Uuid)
    number: int
    subject: str = Field(sa_type=Text)
    icf_code: str | None = Field(default=None, sa_type=Text)
    weight: int = 1
    baseline: int
    """Level of attainment at the start, from -2 to 2."""
    earlier_id: UUID | None = Field(default=None, sa_type=Uuid)
    """The same goal in the version before."""
    sealed: bytes = Field(sa_type=LargeBinary)
    """Text, indicator and the five levels in words, sealed under the child's key."""
