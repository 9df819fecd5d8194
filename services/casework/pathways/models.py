"""Templates of support pathways. They contain no personal data."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Pathway(Table, Versioned, table=True):
    """One version of a template: its steps in order,
    each with its distance from the start.
    """

    __tablename__ = "pathways"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'retired')", name="state"),
        Index("uq_pathways_number_of_code", "code", "number", unique=True),
    )

    code: str = Field(sa_type=Text)
    number: int
    state: str = Field(sa_type=Text)
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    entry_criteria_pl: str | None = Field(default=None, sa_type=Text)
    entry_criteria_en: str | None = Field(default=None, sa_type=Text)
    age_from_months: int | None = None
    age_to_months: int | None = None
    # One document: steps are written, checked and used together.
    steps: list[dict[str, Any]] = Field(sa_type=JSONB)
    published_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
