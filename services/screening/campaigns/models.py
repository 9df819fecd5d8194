"""Campaigns and their implementers."""

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

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.screening.tables import Table


class Campaign(Table, Versioned, table=True):
    """A screening of many children by one version of a protocol.

    It is of one county, or of several when `county_terc` is null. `plan` holds the
    stages and the selection rule of the protocol, so that counting needs
    no other table.
    """

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
        # From 2, although the API accepts nothing below `disclosure.FEW` any more:
        # older campaigns may have less, and `threshold_of` raises it.
        CheckConstraint("small_cell BETWEEN 2 AND 100", name="small_cell"),
        CheckConstraint("(state = 'planned') = (opened_on IS NULL)", name="opened_on"),
        CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)", name="closed_on"
        ),
        Index("ix_campaigns_county_terc", "county_terc"),
        Index(
            "ix_campaigns_in_order", text(polish_index("screening", "name_pl")), "id"
        ),
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
    small_cell: int = Field(default=5, sa_column_kwargs={"server_default": text("5")})
    state: str = Field(
        default="planned", sa_type=Text, sa_column_kwargs={"server_default": "planned"}
    )
    opened_on: date | None = None
    closed_on: date | None = None
    reopened_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    reopening_reason: str | None = Field(default=None, sa_type=Text)


class CampaignImplementer(Table, table=True):
    """An implementer of a campaign, with a short code.

    An implementer screens in `counties`, or everywhere when the list is empty.
    """

    __tablename__ = "campaign_implementers"

    campaign_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.campaigns.id"
    )
    code: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    counties: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    added_by: str = Field(sa_type=Text)
    added_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
