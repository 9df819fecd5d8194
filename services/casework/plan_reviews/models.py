"""Reviews of an active plan: how far each goal is attained."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Review(Table, Versioned, table=True):
    """One review, with the level of each goal and the T-score of all."""

    __tablename__ = "plan_reviews"
    __table_args__ = (
        Index("uq_plan_reviews_number_in_plan", "plan_id", "number", unique=True),
        Index("ix_plan_reviews_county_terc", "county_terc", "held_on"),
    )

    county_terc: str = Field(sa_type=Text)
    plan_id: UUID = Field(sa_type=Uuid, foreign_key="casework.plans.id")
    case_id: UUID = Field(sa_type=Uuid)
    person_id: UUID = Field(sa_type=Uuid)
    number: int
    held_on: date
    # In the review's own row: it is read whole and never changed.
    attainments: dict[str, Any] = Field(sa_type=JSONB)
    """By the goal's id its level, from -2 to 2."""
    t_score: Decimal = Field(sa_type=Numeric(6, 2))
    conclusion: str = Field(sa_type=Text)
    recorded_by: str = Field(sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """What was said, sealed under the child's key."""
