"""Campaigns, who carries them out, what they aim at, whom they reached, and what came of it in counts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.chassis.tables import Versioned
from services.screening.tables import Table


def _given(value: str) -> dict[str, Any]:
    return {"server_default": text(value)}


class Campaign(Table, Versioned, table=True):
    """A screening of many by one version of a protocol; of one county, or of several when `county_terc` is null."""

    __tablename__ = "campaigns"
    __table_args__ = (
        ForeignKeyConstraint(
            ["protocol_code", "protocol_version"],
            [
                "screening.protocol_versions.protocol_code",
                "screening.protocol_versions.number",
            ],
        ),
        CheckConstraint("state IN ('planned', 'open', 'closed')", name="state"),
        CheckConstraint("small_cell BETWEEN 2 AND 100", name="small_cell"),
        CheckConstraint("(state = 'planned') = (opened_on IS NULL)", name="opened_on"),
        CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)", name="closed_on"
        ),
        Index("ix_campaigns_county_terc", "county_terc"),
        Index("ix_campaigns_protocol_code", "protocol_code", "protocol_version"),
    )

    name_pl: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)
    county_terc: str | None = Field(default=None, sa_type=Text)
    programme_code: str | None = Field(default=None, sa_type=Text)
    protocol_code: str = Field(sa_type=Text)
    protocol_version: int
    plan: dict[str, Any] = Field(sa_type=JSONB)
    age_bands: list[int] = Field(sa_type=ARRAY(Integer))
    small_cell: int = Field(default=5, sa_column_kwargs=_given("5"))
    state: str = Field(
        default="planned", sa_type=Text, sa_column_kwargs={"server_default": "planned"}
    )
    opened_on: date | None = None
    closed_on: date | None = None


class CampaignImplementer(Table, table=True):
    """Who carries a campaign out, by a short code, and in which counties: in any when there are none."""

    __tablename__ = "campaign_implementers"

    campaign_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.campaigns.id"
    )
    code: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    counties: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs=_given("'{}'")
    )
    added_by: str = Field(sa_type=Text)
    added_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


class CampaignTarget(Table, table=True):
    """How many are to complete a stage: in all, in a county or with an implementer. A new figure supersedes."""

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


class CampaignSubject(Table, table=True):
    """How far one child has come in a campaign, under row-level security by county.

    `forms` holds what has been counted, by `<stage>/<instrument>/<screening>`, null for what was taken back; all else
    follows from it and from `is_selected`.
    """

    __tablename__ = "campaign_subjects"
    __table_args__ = (
        Index(
            "ix_campaign_subjects_stage_one", "campaign_id", "county_terc", "stage_one"
        ),
    )

    campaign_id: UUID = Field(primary_key=True, sa_type=Uuid)
    subject_ref: UUID = Field(primary_key=True, sa_type=Uuid)
    county_terc: str = Field(primary_key=True, sa_type=Text)
    implementer: str = Field(sa_type=Text)
    sex: str = Field(sa_type=Text)
    age_months: int
    age_band: int = Field(default=0, sa_column_kwargs=_given("0"))
    forms: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
    is_selected: bool = Field(default=False, sa_column_kwargs=_given("false"))
    stage_one: str = Field(
        default="none", sa_type=Text, sa_column_kwargs={"server_default": "none"}
    )
    stage_two: str = Field(
        default="not_selected",
        sa_type=Text,
        sa_column_kwargs={"server_default": "not_selected"},
    )


class CampaignCount(Table, table=True):
    """How many subjects of a campaign are alike in all that is ever counted: the roll-up that statistics read.

    No check says that a count is not negative: it would look at what is added, which may be, before it is added.
    """

    __tablename__ = "campaign_counts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "implementer"],
            [
                "screening.campaign_implementers.campaign_id",
                "screening.campaign_implementers.code",
            ],
            name="fk_campaign_counts_implementer",
        ),
        Index("ix_campaign_counts_implementer", "campaign_id", "implementer"),
    )

    campaign_id: UUID = Field(primary_key=True, sa_type=Uuid)
    county_terc: str = Field(primary_key=True, sa_type=Text)
    implementer: str = Field(primary_key=True, sa_type=Text)
    age_band: int = Field(primary_key=True)
    sex: str = Field(primary_key=True, sa_type=Text)
    stage_one: str = Field(primary_key=True, sa_type=Text)
    stage_two: str = Field(primary_key=True, sa_type=Text)
    subjects: int


class CampaignSelection(Table, Versioned, table=True):
    """That a child goes on to stage two: by which rule or for which reason, and who said so. Under row-level
    security.
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
