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
    """The strategic plan of an authority."""

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
        # One plan for each authority: it is revised, not repeated (source 003).
        Index("uq_strategic_plans_authority_id", "authority_id", unique=True),
        Index("ix_strategic_plans_county_terc", "county_terc"),
    )

    county_terc: str = Field(sa_type=Text)
    authority_id: UUID = Field(sa_type=Uuid, foreign_key="training.authorities.id")
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    content: dict[str, Any] = Field(sa_type=JSONB)
    """Priorities and measures as they were sent; sums are computed from them."""
    diagnosis_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.diagnoses.id"
    )
    """The diagnosis whose recommendations the adopted plan answers."""
    # The number of the resolution, under which its text is published.
    resolution: str | None = Field(default=None, sa_type=Text)
    adopted_on: date | None = None
    # Outside the content, which cannot change after the adoption.
    started_measures: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    """The day on which each measure was started, by the measure's code."""
