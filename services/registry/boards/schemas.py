"""Boards and statistics of programmes on the wire."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.web.listing import QueryCount
from services.registry.processes.schemas import Label
from services.registry.sites.rules import SiteStatus
from services.registry.sites.schemas import CountyTerc


class BoardQuery(BaseModel):
    """Which sites a board shows, and as what."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    format: Literal["json", "svg"] | None = Field(
        default=None, description="goes before Accept"
    )
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    status: list[SiteStatus] | None = Field(
        default=None, description="all but the withdrawn when absent"
    )
    # A board has no pages, since a picture shows all at once: this is what bounds it.
    limit: QueryCount = Field(default=200, ge=1, le=500, description="sites, by name")


class BoardStep(BaseModel):
    """A column of the board."""

    code: str
    position: int
    label: Label


class BoardCell(BaseModel):
    """A step at a site."""

    step: str
    status: Literal["done", "skipped", "pending", "not_done"] = Field(
        description="`pending` lies ahead; `not_done` was left behind: the site has ended or given up, or is past it"
    )
    done_on: date | None


class BoardSite(BaseModel):
    """A row of the board."""

    id: UUID
    name: str
    county_terc: str
    implementer: str
    status: SiteStatus
    cells: list[BoardCell]


class BoardRead(BaseModel):
    """Sites × steps of a programme."""

    programme_code: str
    label: Label
    steps: list[BoardStep]
    sites_in_all: int = Field(
        description="more than `sites` when the limit left some out"
    )
    sites: list[BoardSite]


class StatusCount(BaseModel):
    """Sites of one status, and the counties that they lie in."""

    status: SiteStatus
    sites: int
    distinct_counties: int


class ImplementerCount(BaseModel):
    """Sites of one implementer that have not withdrawn, and the counties that they lie in."""

    implementer: str
    sites: int
    distinct_counties: int


class StepCount(BoardStep):
    """How many sites that have not withdrawn reached a step."""

    done: int
    skipped: int


class ProgrammeStatisticsRead(BaseModel):
    """A programme in numbers, computed from its sites."""

    programme_code: str
    planned_sites: int | None
    sites: int = Field(description="that have not withdrawn")
    locations: int = Field(description="of these, sites that are locations")
    distinct_counties: int = Field(
        description="each county once, whoever works there: not a sum of the parts"
    )
    by_status: list[StatusCount]
    by_implementer: list[ImplementerCount]
    steps: list[StepCount]
