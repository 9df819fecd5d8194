"""The coverage of campaigns on the wire."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Line
from services.screening.campaign_releases.schemas import Source, StepsRead
from services.screening.campaigns.rules.life import CampaignState
from services.screening.campaigns.schemas import CountyTerc, ProgrammeCode
from services.screening.protocols.schemas import Labels

MOST_CAMPAIGNS = 20


class CoverageQuery(BaseModel):
    """The requested campaigns and counties."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    county_terc: list[CountyTerc] | None = Field(
        default=None,
        max_length=400,
        description="of these counties alone, and campaigns that list one of them",
    )
    programme_code: ProgrammeCode | None = Field(
        default=None, description="campaigns of this programme alone"
    )
    state: CampaignState | None = None
    cursor: Line | None = Field(
        default=None,
        max_length=3000,
        description="`next_cursor` of the answer before, for older campaigns",
    )

    def binding(self) -> str:
        """The query without its cursor, as JSON: a cursor is valid for the same query only."""
        return self.model_dump_json(exclude={"cursor"}, exclude_none=True)


class CountyCoverage(StepsRead):
    """How far the children of a county have come."""

    county_terc: str
    is_suppressed: bool


class CampaignCoverage(Source):
    """How far a campaign has come, by county."""

    id: UUID
    label: Labels
    programme_code: str | None
    state: CampaignState
    opened_on: date | None
    closed_on: date | None
    small_cell: int = Field(description="numbers from 1 to one less are not published")
    in_all: StepsRead = Field(description="of all counties that publish it")
    counties: list[CountyCoverage]


class CoverageRead(BaseModel):
    """How far campaigns have come."""

    items: list[CampaignCoverage] = Field(
        description=f"the {MOST_CAMPAIGNS} opened last, the newest first"
    )
    next_cursor: str | None = Field(
        description="give it as `cursor` for older campaigns; null when there are none"
    )
