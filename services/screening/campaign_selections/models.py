"""Selections for stage two."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.screening.tables import Table


class CampaignSelection(Table, Versioned, table=True):
    """A child selected for stage two: by which rule or for which reason, and who decided it.

    Under row-level security by county.
    """

    __tablename__ = "campaign_selections"
    __table_args__ = (
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by"
        ),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawing_reason IS NULL)",
            name="withdrawing_reason",
        ),
        Index("ix_campaign_selections_campaign_id", "campaign_id", "county_terc"),
        Index(
            # Partial: a child may be selected again after a withdrawal,
            # whose row stays.
            "uq_campaign_selections_current",
            "campaign_id",
            "subject_ref",
            "county_terc",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    campaign_id: UUID = Field(sa_type=Uuid, foreign_key="screening.campaigns.id")
    subject_ref: UUID = Field(sa_type=Uuid)
    county_terc: str = Field(sa_type=Text)
    rule: dict[str, Any] = Field(sa_type=JSONB)
    reason: str | None = Field(default=None, sa_type=Text)
    selected_by: str = Field(sa_type=Text)
    withdrawn_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    withdrawn_by: str | None = Field(default=None, sa_type=Text)
    withdrawing_reason: str | None = Field(default=None, sa_type=Text)
