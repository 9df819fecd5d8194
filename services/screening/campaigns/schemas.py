"""Campaigns, what they aim at and what is published of them, on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.bodies import Date, Id, Name, Note, Wire
from services.chassis.exports import Dialect, FileQuery
from services.screening.campaigns.rules.counties import COUNTY_CODE
from services.screening.campaigns.rules.life import CampaignState
from services.screening.campaigns.rules.tables import TableName
from services.screening.protocols.schemas import Labels, Number, ProtocolCode

CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=f"^{COUNTY_CODE}$")]
ImplementerCode = Annotated[str, Strict(), StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
ProgrammeCode = Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,31}$")]
Months = Annotated[int, Strict(), Field(ge=1, le=1200)]
Edges = Annotated[list[Months], Field(min_length=1, max_length=20)]
SmallCell = Annotated[int, Strict(), Field(ge=2, le=100)]
Stage = Annotated[int, Strict(), Field(ge=1, le=2)]
Heads = Annotated[int, Strict(), Field(ge=1, le=10_000_000)]

_EDGES = Field(description="months at which an age band begins: 6, 36 part ages into below 6, 6–35, 36 and above")
_SMALL = Field(default=5, description="counts from 1 to one less are not published")


class CampaignCreate(Wire):
    """A campaign to come."""

    name_pl: Name
    name_en: Name
    protocol_code: ProtocolCode
    protocol_version: Number
    county_terc: CountyTerc | None = Field(default=None, description="of one county; null: of several")
    programme_code: ProgrammeCode | None = None
    age_bands: Edges = _EDGES
    small_cell: SmallCell = _SMALL

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name_pl": "Badanie małych dzieci 2026",
                    "name_en": "Small children 2026",
                    "protocol_code": "PUPILS",
                    "protocol_version": 1,
                    "county_terc": "2469",
                    "age_bands": [6, 36, 72],
                }
            ]
        }
    )


class CampaignUpdate(Wire):
    """A merge patch, while the campaign is planned."""

    name_pl: Name = Field(default_factory=str)
    name_en: Name = Field(default_factory=str)
    programme_code: ProgrammeCode | None = None
    age_bands: Edges = Field(default_factory=list)
    small_cell: SmallCell = 5

    model_config = ConfigDict(json_schema_extra={"examples": [{"small_cell": 10}]})


class CampaignOpen(Wire):
    """Since when is screened."""

    opened_on: Date

    model_config = ConfigDict(json_schema_extra={"examples": [{"opened_on": "2026-09-01"}]})


class CampaignClose(Wire):
    """The last day of screening."""

    closed_on: Date

    model_config = ConfigDict(json_schema_extra={"examples": [{"closed_on": "2026-10-31"}]})


class CampaignRead(BaseModel):
    """A campaign."""

    id: UUID
    version: int
    label: Labels
    county_terc: str | None
    programme_code: str | None
    protocol_code: str
    protocol_version: int
    age_bands: list[int]
    small_cell: int
    state: CampaignState
    opened_on: date | None
    stage_one_due_on: date | None = Field(description="counted from the opening by the protocol")
    stage_two_due_on: date | None
    closed_on: date | None
    changed_at: datetime


class CampaignList(FileQuery):
    """Filters of the list of campaigns."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    state: list[CampaignState] | None = None
    protocol_code: list[ProtocolCode] | None = Field(default=None, max_length=50)


class ImplementerCreate(Wire):
    """Somebody who carries the campaign out."""

    code: ImplementerCode
    name: Name
    institution_id: Id | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "project", "name": "Powiaty projektu"}]})


class ImplementerRead(BaseModel):
    """An implementer of a campaign."""

    code: str
    name: str
    institution_id: UUID | None
    added_at: datetime


class TargetCreate(Wire):
    """How many are to complete a stage: in all, in one county, or with one implementer. The newest is in force."""

    stage: Stage = 1
    county_terc: CountyTerc | None = None
    implementer: ImplementerCode | None = None
    subjects: Heads

    model_config = ConfigDict(json_schema_extra={"examples": [{"stage": 1, "county_terc": "2469", "subjects": 400}]})


class TargetRead(BaseModel):
    """A target, and how far from it the campaign is. What would tell a small number is null."""

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


class TargetsRead(BaseModel):
    """The targets in force."""

    items: list[TargetRead]


class StatisticsQuery(BaseModel):
    """Which tables, and as what."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    table: list[TableName] | None = Field(default=None, max_length=20, description="those of one dimension when absent")
    format: Literal["csv", "xlsx", "ndjson"] | None = Field(default=None, description="a file in place of JSON")
    dialect: Dialect | None = Field(default=None, description="CSV as a Polish Excel reads it")


class StatisticsRow(BaseModel):
    """One number; what its table does not part by is null."""

    table: TableName
    county_terc: str | None
    implementer: str | None
    age_from: int | None
    age_below: int | None
    sex: str | None
    stage: int | None
    status: str | None
    subjects: int | None = Field(description="null when suppressed")
    is_suppressed: bool
    distinct_counties: int | None = Field(description="of an implementer; never to be added up")


class ShareRead(BaseModel):
    """A share, between 0 and 1, with its 95 % Wilson interval."""

    share: float
    low: float
    high: float


class StepsRead(BaseModel):
    """How far subjects have come. A number is null when it, or another that it would tell, is small."""

    started: int | None
    complete: int | None
    positive: int | None
    selected: int | None
    stage_two_complete: int | None


class FunnelRow(StepsRead):
    """The steps of a county, a sex or an age band; the others are null."""

    county_terc: str | None = None
    sex: str | None = None
    age_from: int | None = None
    age_below: int | None = None
    target: int | None = Field(default=None, description="of stage one, where one is set")
    is_suppressed: bool


class SharesRead(BaseModel):
    """Shares of the whole campaign; null of nothing and of what is suppressed."""

    positive_of_complete: ShareRead | None
    selected_of_complete: ShareRead | None
    stage_two_complete_of_selected: ShareRead | None


class StatisticsRead(BaseModel):
    """A campaign in numbers, read from its roll-up."""

    campaign_id: UUID
    small_cell: int
    subjects: int | None
    distinct_counties: int = Field(description="each county once, whoever screens there")
    shares: SharesRead
    rows: list[StatisticsRow]


class FunnelRead(BaseModel):
    """From target to stage two."""

    campaign_id: UUID
    small_cell: int
    target: int | None
    in_all: StepsRead
    shares: SharesRead
    by_county: list[FunnelRow]
    by_sex: list[FunnelRow]
    by_age: list[FunnelRow]


class SelectionCreate(Wire):
    """Either `subjects` with a reason, by hand, or neither: the protocol's rule then chooses in the caller's reach."""

    subjects: list[Id] | None = Field(default=None, min_length=1, max_length=10_000)
    county_terc: list[CountyTerc] | None = Field(default=None, min_length=1, max_length=400)
    reason: Note | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"county_terc": ["2469"]}]})


class SelectionsMade(BaseModel):
    """What a selection came to."""

    selected: int
    already_selected: int
    rule: Labels


class SelectionWithdraw(Wire):
    """Why the child does not go on after all."""

    reason: Note

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "the family has moved"}]})


class SelectionRead(BaseModel):
    """That a child goes on to stage two."""

    id: UUID
    version: int
    campaign_id: UUID
    subject_ref: UUID
    county_terc: str
    rule: dict[str, Any]
    reason: str | None
    selected_by: str
    created_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawing_reason: str | None


class SelectionList(FileQuery):
    """Filters of a campaign's selections."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    subject_ref: list[Id] | None = Field(default=None, max_length=100)
