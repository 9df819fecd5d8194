"""The published numbers of campaigns on the wire."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.web.listing import Dialect
from services.screening.campaign_releases.rules.tables import TableName


class Source(BaseModel):
    """How current these numbers are."""

    is_live: bool = Field(
        description="whether every number is as it is now, as for who may read the screenings "
        "of all counties; when false, only those of the caller's own counties are"
    )
    released_at: datetime | None = Field(
        description="of the newest table that was released; null when all is live"
    )


class TargetRead(BaseModel):
    """A target, with the campaign's progress towards it.

    A number is null where it is suppressed.
    """

    id: UUID
    stage: int
    county_terc: str | None
    implementer: str | None
    subjects: int
    set_at: datetime
    due_on: date | None = Field(description="null until the campaign opens")
    reached: int | None
    expected: int | None = Field(description="by today, were they done evenly")
    is_reached: bool | None
    is_behind: bool | None
    is_overdue: bool | None = Field(description="not reached, and the last day is over")


class TargetsRead(Source):
    """The targets in force."""

    items: list[TargetRead]


class StatisticsQuery(BaseModel):
    """The requested tables and their format."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    table: list[TableName] | None = Field(
        default=None, max_length=20, description="those of one dimension when absent"
    )
    format: Literal["csv", "xlsx", "ndjson"] | None = Field(
        default=None, description="a file in place of JSON"
    )
    dialect: Dialect | None = Field(
        default=None, description="CSV as a Polish Excel reads it"
    )


class StatisticsRow(BaseModel):
    """One number; dimensions that its table lacks are null."""

    table: TableName
    county_terc: str | None
    implementer: str | None
    age_from: int | None
    age_below: int | None
    sex: str | None
    stage: int | None
    status: str | None
    subjects: int | None = Field(
        description="null when suppressed; of several counties the sum of those that publish it"
    )
    is_suppressed: bool
    counties: int | None = Field(
        description="of how many counties this is the sum; null of one county"
    )
    distinct_counties: int | None = Field(
        description="in how many counties of the sum an implementer screened; never to be added up"
    )
    released_at: datetime | None = Field(
        description="of one county: when its table was released, each by itself; null when live "
        "or suppressed"
    )


class ShareRead(BaseModel):
    """A share, between 0 and 1, with its 95 % Wilson interval."""

    share: float
    low: float
    high: float


class StepsRead(BaseModel):
    """The progress of subjects; a suppressed number is null.

    Stage two is published separately for each outcome of stage one, and
    in fewer counties.
    """

    started: int | None
    complete: int | None
    positive: int | None
    selected: int | None
    stage_two_complete: int | None
    stage_one_counties: int = Field(
        description="of how many counties started, complete and positive are"
    )
    stage_two_counties: int = Field(
        description="of how many counties selected and stage_two_complete are"
    )


class FunnelRow(StepsRead):
    """The steps of a county, a sex or an age band; the fields of the other two are null."""

    county_terc: str | None = None
    sex: str | None = None
    age_from: int | None = None
    age_below: int | None = None
    target: int | None = Field(
        default=None, description="of stage one, where one is set"
    )
    is_suppressed: bool


class SharesRead(BaseModel):
    """Shares of all published numbers; null if the whole is empty or suppressed."""

    positive_of_complete: ShareRead | None
    selected_of_complete: ShareRead | None
    stage_two_complete_of_selected: ShareRead | None


class StatisticsRead(Source):
    """A campaign in numbers."""

    campaign_id: UUID
    small_cell: int = Field(description="numbers from 1 to one less are not published")
    subjects: int | None = Field(
        description="in the counties that publish it; null when none does"
    )
    counties: int = Field(description="how many counties publish it")
    listed_counties: int = Field(
        description="how many the campaign names, or publish anything"
    )
    distinct_counties: int = Field(
        description="of the counties that publish it: where anybody was screened"
    )
    shares: SharesRead
    rows: list[StatisticsRow]


class FunnelRead(Source):
    """From target to stage two."""

    campaign_id: UUID
    small_cell: int
    listed_counties: int
    target: int | None
    in_all: StepsRead
    shares: SharesRead
    by_county: list[FunnelRow]
    by_sex: list[FunnelRow]
    by_age: list[FunnelRow]


class ReleaseResult(BaseModel):
    """How many counties have new tables, and how many tables were published."""

    counties: int = Field(description="counties with a new table")
    tables: int = Field(description="tables that were published")
