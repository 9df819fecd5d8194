"""The steps of a plan version: what happens, when, and who does it."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlmodel import Field

from services.casework.plans.models import PlanPart
from services.casework.tables import Table


class PlanStep(Table, PlanPart, table=True):
    """One step.

    Steps from a pathway keep their distance from the plan's start, and move with it.
    """

    __tablename__ = "plan_steps"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'done', 'skipped')", name="state"),
        CheckConstraint("(state = 'skipped') = (reason IS NOT NULL)", name="reason"),
        Index("uq_plan_steps_number_in_plan", "plan_id", "number", unique=True),
        Index("ix_plan_steps_county_terc", "county_terc", "due_on"),
    )

    pathway_step: str | None = Field(default=None, sa_type=Text)
    # None for a step with a day set by hand.
    days_from_start: int | None = None
    due_on: date
    sector: str = Field(sa_type=Text)
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    subject: str | None = Field(default=None, sa_type=Text)
    """The account of the member of the team who does it."""
    state: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    done_on: date | None = None
    earlier_id: UUID | None = Field(default=None, sa_type=Uuid)
    """The same step in the version before."""
