"""Programmes, sites, boards and scope decisions on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.listing import FileQuery, QueryCount
from services.chassis.scalars import Count, Date, Flag, Id, Name, Note, Wire
from services.registry.processes.schemas import Label, StepCode
from services.registry.programmes.rules.sites import SiteLevel, SiteStatus

CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]
CommuneTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{7}$")]
ProgrammeCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,31}$")
]
Implementer = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")
]
Sphere = Annotated[int, Strict(), Field(ge=1, le=99)]
_SITE: dict[str, Any] = {
    "name": "Katowice",
    "county_terc": "2469",
    "implementer": "partner",
}


class _Programme(Wire):
    """What may be known of a programme; what nobody says of it is null."""

    funder: Name | None = None
    operator: Name | None = None
    starts_on: Date | None = None
    ends_on: Date | None = Field(default=None, description="last day")
    planned_sites: Count | None = None
    animators_per_site: Count | None = None


class ProgrammeCreate(_Programme):
    """A new programme."""

    code: ProgrammeCode
    name_pl: Name
    name_en: Name
    site_level: SiteLevel
    process_code: StepCode | None = Field(
        default=None, description="the process that its sites go through"
    )
    needs_agreement: Flag = Field(
        default=False, description="a site is active only with a signed agreement"
    )
    needs_coordinator: Flag = Field(
        default=False, description="a site has a cross-sector support coordinator (KWM)"
    )
    spheres: list[Sphere] = Field(
        default_factory=list,
        max_length=20,
        description="what a scope decision chooses from",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "NOWY",
                    "name_pl": "Nowy program",
                    "name_en": "New programme",
                    "site_level": "county",
                    "process_code": "change_process",
                }
            ]
        }
    )


class ProgrammeUpdate(_Programme):
    """A merge patch: what is left out stays, null clears. Level, process and spheres hold for all sites and stay."""

    name_pl: Name = Field(default_factory=str)
    name_en: Name = Field(default_factory=str)
    needs_agreement: Flag = False
    needs_coordinator: Flag = False

    model_config = ConfigDict(json_schema_extra={"examples": [{"planned_sites": 36}]})


class ProgrammeRead(BaseModel):
    """A programme."""

    code: str
    version: int
    label: Label
    funder: str | None
    operator: str | None
    starts_on: date | None
    ends_on: date | None
    process_code: str | None
    site_level: SiteLevel
    needs_agreement: bool
    needs_coordinator: bool
    planned_sites: int | None
    animators_per_site: int | None
    spheres: list[int]
    changed_at: datetime


class SiteCreate(Wire):
    """A candidate: a county, a commune or a location, by the programme's level."""

    name: Name
    county_terc: CountyTerc
    commune_terc: CommuneTerc | None = Field(
        default=None, description="required where sites are communes"
    )
    implementer: Implementer = Field(
        default="project", description="code of who carries it out there"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [_SITE]})


class SiteUpdate(Wire):
    """A merge patch of the descriptive facts."""

    name: Name = Field(default_factory=str)
    commune_terc: CommuneTerc | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Katowice, etap 2"}]}
    )


class SiteSign(Wire):
    """The agreement that carries the site."""

    agreement_id: Id

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"agreement_id": "01990000-0000-7000-8000-000000000001"}]
        }
    )


class SiteActivate(Wire):
    """Since when the site works."""

    started_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"started_on": "2025-09-01"}]}
    )


class SiteComplete(Wire):
    """When the site had done what it was to do."""

    ended_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ended_on": "2025-10-31"}]}
    )


class SiteWithdraw(Wire):
    """When and why the site left."""

    ended_on: Date
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"ended_on": "2025-10-31", "reason": "no staff"}]
        }
    )


class SiteRead(BaseModel):
    """A site of a programme."""

    id: UUID
    version: int
    programme_code: str
    site_level: SiteLevel
    name: str
    county_terc: str
    commune_terc: str | None
    implementer: str
    status: SiteStatus
    step: str | None = Field(description="the last step that was done")
    agreement_id: UUID | None
    run_id: UUID | None = Field(
        description="its way through the programme's process; null where there is none"
    )
    started_on: date | None
    ended_on: date | None
    reason: str | None = Field(description="why it was withdrawn")
    changed_at: datetime


class SiteCounty(BaseModel):
    """What a site's county is like today: the realities that a model has to fit (source 000)."""

    name: str
    population: int | None
    urbanisation: float | None = Field(
        description="share of the population that lives in towns, 0 to 1"
    )
    population_on: date | None
    education_institutions: int = Field(
        description="institutions of education that work today, by this registry"
    )
    support_providers: int = Field(
        description="institutions that offer a support service today, by this registry"
    )


class SiteDetail(SiteRead):
    """A site with the county it lies in."""

    county: SiteCounty


class SiteList(FileQuery):
    """Filters of a programme's sites."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    status: list[SiteStatus] | None = None
    implementer: list[Implementer] | None = Field(default=None, max_length=50)


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
    limit: QueryCount = Field(default=200, ge=1, le=500, description="sites, by name")


class BoardStep(BaseModel):
    """A column of the board."""

    code: str
    position: int
    label: Label


class BoardCell(BaseModel):
    """A step at a site."""

    step: str
    status: Literal["done", "skipped", "pending"]
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


class StatisticsRead(BaseModel):
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


class ScopeDecisionCreate(Wire):
    """What is to be tested at a location."""

    spheres: list[Sphere] = Field(min_length=1, max_length=20)
    decided_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"spheres": [1, 3], "decided_on": "2025-09-15"}]
        }
    )


class ScopeDecisionRead(BaseModel):
    """A decision on the scope; it is valid when both parties have signed it and none supersedes it."""

    id: UUID
    version: int
    site_id: UUID
    spheres: list[int]
    decided_on: date
    signed_by_coalition: str | None
    signed_by_coalition_at: datetime | None
    signed_by_project: str | None
    signed_by_project_at: datetime | None
    superseded_at: datetime | None
    is_valid: bool
    changed_at: datetime
