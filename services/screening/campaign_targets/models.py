"""Targets of campaigns."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Text,
    Uuid,
    func,
    text,
)
from sqlmodel import Field

from services.screening.tables import Table


class CampaignTarget(Table, table=True):
    """How many children are to complete a stage: in all, in a county or with an implementer.

    A new target supersedes the earlier one, whose row stays.
    """

    __tablename__ = "campaign_targets"
    __table_args__ = (
        CheckConstraint("stage IN (1, 2)", name="stage"),
        CheckConstraint("subjects > 0", name="subjects"),
        CheckConstraint(
            "county_terc IS NULL OR implementer IS NULL", name="one_dimension"
        ),
        ForeignKeyConstraint(
            ["campaign_id", "implementer"],
            [
                "screening.campaign_implementers.campaign_id",
                "screening.campaign_implementers.code",
            ],
            name="fk_campaign_targets_implementer",
        ),
        Index("ix_campaign_targets_campaign_id", "campaign_id", "implementer"),
        Index(
            "uq_campaign_targets_current",
            "campaign_id",
            "stage",
            "county_terc",
            "implementer",
            unique=True,
            # Without it two targets of the whole campaign, whose county is null, would
            # both be in force.
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    campaign_id: UUID = Field(sa_type=Uuid, foreign_key="screening.campaigns.id")
    stage: int
    county_terc: str | None = Field(default=None, sa_type=Text)
    implementer: str | None = Field(default=None, sa_type=Text)
    subjects: int
    set_by: str = Field(sa_type=Text)
    set_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    superseded_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
