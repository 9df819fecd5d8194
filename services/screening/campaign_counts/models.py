"""How far each child has come in a campaign, and the roll-up of all of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.screening.tables import Table


class CampaignSubject(Table, table=True):
    """How far one child has come in a campaign, under row-level security by county.

    `forms` holds the counted results by the key `<stage>/<instrument>/<screening>`; an
    annulled one is null. Implementer, sex, age and the two stages are computed from
    `forms` and `is_selected`.
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
    # Part of the key, so that counting never conflicts with a row of another county:
    # row-level security hides such a row, and a conflict would reveal it.
    county_terc: str = Field(primary_key=True, sa_type=Text)
    implementer: str = Field(sa_type=Text)
    sex: str = Field(sa_type=Text)
    age_months: int
    age_band: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    # Merged with `||`, which can replace a member and cannot remove one: an annulled
    # form is therefore a null.
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
    """The roll-up: how many subjects of a campaign are equal in every counted category.

    No check constraint forbids a negative count: PostgreSQL would check the step that
    is added, which may be negative, and not the sum.
    """

    __tablename__ = "campaign_counts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "implementer"],
            [
                "screening.campaign_implementers.campaign_id",
                "screening.campaign_implementers.code",
            ],
            # This constraint refuses a screening of an unknown implementer; its name
            # maps to the problem `ImplementerNotInCampaign`, so no query has
            # to run first.
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
