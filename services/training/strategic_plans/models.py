"""Local strategic plans."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class StrategicPlan(Table, Versioned, table=True):
    """The plan of an authority: consulted, adopted, and then carried out."""

    __tablename__ = "strategic_plans"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'consulted', 'adopted', 'implementing', 'monitored')",
            name="state",
        ),
        CheckConstraint(
            "(state IN ('draft', 'consulted')) = (adopted_on IS NULL)"
            " AND (adopted_on IS NULL) = (resolution IS NULL)"
            " AND (adopted_on IS NULL) = (diagnosis_id IS NULL)",
            name="adopted_on",
        ),
        # One plan: source 003 knows one schedule, which is revised and not repeated.
        Index("uq_strategic_plans_authority_id", "authority_id", unique=True),
        Index("ix_strategic_plans_county_terc", "county_terc"),
    )

    county_terc: str = Field(sa_type=Text)
    authority_id: UUID = Field(sa_type=Uuid, foreign_key="training.authorities.id")
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    content: dict[str, Any] = Field(sa_type=JSONB)
    """Priorities and measures as they were sent; sums are computed."""
    diagnosis_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.diagnoses.id"
    )
    """The diagnosis whose recommendations it answered when it was adopted."""
    # The number under which anybody finds the act: its text is published there.
    resolution: str | None = Field(default=None, sa_type=Text)
    adopted_on: date | None = None
    # Beside the content, which is locked once the plan was adopted.
    started_measures: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    """By a measure's code the day on which it was started."""
