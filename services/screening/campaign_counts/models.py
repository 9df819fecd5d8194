"""How far each child has come in a campaign, and the roll-up of all of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.screening.tables import Table


class CampaignSubject(Table, table=True):
    """How far one child has come in a campaign, under row-level security by county.

    `forms` holds the results that were counted by `<stage>/<instrument>/<screening>`,
    null for one that was annulled. All other columns follow from it and from
    `is_selected`.
    """

    __tablename__ = "campaign_subjects"
    __table_args__ = (
        # Selecting for stage two looks for the children with a complete stage one, in the
        # caller's counties.
        Index(
            "ix_campaign_subjects_stage_one", "campaign_id", "county_terc", "stage_one"
        ),
    )

    campaign_id: UUID = Field(primary_key=True, sa_type=Uuid)
    subject_ref: UUID = Field(primary_key=True, sa_type=Uuid)
    # In the key: whoever counts never meets a row of another county, which row-level
    # security would hide and a conflict betray.
    county_terc: str = Field(primary_key=True, sa_type=Text)
    implementer: str = Field(sa_type=Text)
    sex: str = Field(sa_type=Text)
    age_months: int
    age_band: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    # Merged with `||`, which replaces a member and never takes one away: so an annulled
    # form is a null.
    forms: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
    is_selected: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    stage_one: str = Field(
        default="none", sa_type=Text, sa_column_kwargs={"server_default": "none"}
    )
    stage_two: str = Field(
        default="not_selected",
        sa_type=Text,
        sa_column_kwargs={"server_default": "not_selected"},
    )


class CampaignCount(Table, table=True):
    """The roll-up: how many subjects of a campaign are alike in everything that is ever counted.

    No check keeps a count from being negative: PostgreSQL would check the step that is
    added, which may be negative, and not the sum.
    """

    __tablename__ = "campaign_counts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "implementer"],
            [
                "screening.campaign_implementers.campaign_id",
                "screening.campaign_implementers.code",
            ],
            # A screening of an unknown implementer is refused by this constraint, whose
            # name leads to its problem (`ImplementerNotInCampaign`): nothing has to be
            # asked first.
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
