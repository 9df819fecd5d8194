"""The goals of a plan version."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlmodel import Field

from services.casework.plans.models import PlanPart
from services.casework.tables import Table


class Goal(Table, PlanPart, table=True):
    """What is to be reached and for whom, with its scale of attainment."""

    __tablename__ = "plan_goals"
    __table_args__ = (
        CheckConstraint(
            "subject IN ('child', 'pupil', 'family', 'environment')", name="subject"
        ),
        CheckConstraint("weight BETWEEN 1 AND 10", name="weight"),
        CheckConstraint("baseline BETWEEN -2 AND 2", name="baseline"),
        Index("uq_plan_goals_number_in_plan", "plan_id", "number", unique=True),
    )

    subject: str = Field(sa_type=Text)
    icf_code: str | None = Field(default=None, sa_type=Text)
    weight: int = 1
    baseline: int
    """Level of attainment at the start, from -2 to 2."""
    earlier_id: UUID | None = Field(default=None, sa_type=Uuid)
    """The same goal in the version before."""
