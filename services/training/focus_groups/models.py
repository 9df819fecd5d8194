"""Focus groups."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class FocusGroup(Table, Versioned, table=True):
    """A meeting of one stage of research in a county, with roles and findings."""

    __tablename__ = "focus_groups"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint("stage IN (1, 2)", name="stage"),
        CheckConstraint(
            "state IN ('planned', 'held', 'reported', 'cancelled')", name="state"
        ),
        CheckConstraint(
            "(state IN ('held', 'reported')) = (held_on IS NOT NULL)", name="held_on"
        ),
        # Findings in both languages, and only once it is reported.
        CheckConstraint(
            "(state = 'reported') = (findings_pl IS NOT NULL)"
            " AND (findings_pl IS NULL) = (findings_en IS NULL)",
            name="findings",
        ),
        CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancel_reason"
        ),
        Index("ix_focus_groups_planned_on", "planned_on", "id"),
        Index("ix_focus_groups_county_terc", "county_terc", "programme_id", "stage"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    county_terc: str = Field(sa_type=Text)
    stage: int
    topic: str = Field(sa_type=Text)
    state: str = Field(
        default="planned", sa_type=Text, sa_column_kwargs={"server_default": "planned"}
    )
    planned_on: date
    held_on: date | None = None
    participants: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    """The number of people by role."""
    is_told: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    """Whether everybody may read these numbers once the group is reported."""
    findings_pl: str | None = Field(default=None, sa_type=Text)
    findings_en: str | None = Field(default=None, sa_type=Text)
    cancel_reason: str | None = Field(default=None, sa_type=Text)
