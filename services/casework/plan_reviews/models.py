"""Reviews of an active plan: how far each goal is attained."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.casework.plans.models import PlanPart
from services.casework.tables import Table


class Review(Table, PlanPart, table=True):
    """One review, with the level of each goal and the T-score over all goals."""

    __tablename__ = "plan_reviews"
    __table_args__ = (
        Index("uq_plan_reviews_number_in_plan", "plan_id", "number", unique=True),
        Index("ix_plan_reviews_county_terc", "county_terc", "held_on"),
    )

    held_on: date
    # In the review's own row, because a review is read whole and never changed.
    attainments: dict[str, Any] = Field(sa_type=JSONB)
    """The level of each goal, from -2 to 2, by the goal's id."""
    t_score: Decimal = Field(sa_type=Numeric(6, 2))
    conclusion: str = Field(sa_type=Text)
    recorded_by: str = Field(sa_type=Text)
