"""The recommendations of a plan version: who is to do what, by when, and the effect."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid
from sqlmodel import Field

from services.casework.plans.models import PlanPart
from services.casework.tables import Table


class Recommendation(Table, PlanPart, table=True):
    """One recommendation."""

    __tablename__ = "plan_recommendations"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'accepted', 'in_progress', 'done', 'not_done')",
            name="state",
        ),
        CheckConstraint("(state = 'not_done') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint(
            "effect IN ('full', 'partial', 'none', 'not_assessable')", name="effect"
        ),
        Index(
            "uq_plan_recommendations_number_in_plan", "plan_id", "number", unique=True
        ),
        Index("ix_plan_recommendations_institution_id", "institution_id", "due_on"),
        Index("ix_plan_recommendations_county_terc", "county_terc", "due_on"),
    )

    goal_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.plan_goals.id"
    )
    sector: str = Field(sa_type=Text)
    # An id of the registry: there are no foreign keys to another service.
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    support_kind: str | None = Field(default=None, sa_type=Text)
    due_on: date
    state: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    effect: str | None = Field(default=None, sa_type=Text)
    """The effect, where it was carried out."""
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    earlier_id: UUID | None = Field(default=None, sa_type=Uuid)
    """The same recommendation in the version before."""
