"""Monitoring reports of a county for a period."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class MonitoringReport(Table, Versioned, table=True):
    """One county's report."""

    __tablename__ = "monitoring_reports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'accepted', 'returned')", name="state"
        ),
        CheckConstraint("starts_on <= ends_on", name="ends_on"),
        Index(
            # `draft_report` prevents overlapping periods;
            # the index is a second safeguard.
            "uq_monitoring_reports_period_of_county",
            "county_terc",
            "starts_on",
            "ends_on",
            unique=True,
        ),
    )

    county_terc: str = Field(sa_type=Text)
    starts_on: date
    ends_on: date
    due_on: date
    state: str = Field(sa_type=Text)
    # One document: figures are computed, read and replaced all at once.
    figures: dict[str, Any] = Field(sa_type=JSONB)
    """By table and category, the figures of the county's records."""
    released: dict[str, Any] = Field(
        default={}, sa_type=JSONB, sa_column_kwargs={"server_default": text("'{}'")}
    )
    """The tables as last published to callers who may not read those records."""
    computed_at: datetime = Field(sa_type=DateTime(timezone=True))
    comment: str | None = Field(default=None, sa_type=Text)
    author: str = Field(sa_type=Text)
    submitted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    submitted_by: str | None = Field(default=None, sa_type=Text)
    is_late: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    """Whether it was first submitted after its due day."""
    decided_by: str | None = Field(default=None, sa_type=Text)
    returning_reason: str | None = Field(default=None, sa_type=Text)
