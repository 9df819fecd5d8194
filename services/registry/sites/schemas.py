"""Sites on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Id, Name, Note, Wire
from services.chassis.web.listing import ByIds, FileQuery
from services.registry.programmes.rules import SiteLevel
from services.registry.sites.rules import SiteStatus
from services.registry.tables import RECORDED, Recorded

CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]
CommuneTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{7}$")]
# A code and no reference: implementers need not be institutions of the registry.
Implementer = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")
]


class SitePast(Wire):
    """A participation that is over: its days, and the agreement that it was based on."""

    agreement_id: Id | None = Field(
        default=None, description="required where the programme needs an agreement"
    )
    signed_on: Date | None = Field(
        default=None,
        description="day from which the agreement carried it; that of its start when absent",
    )
    started_on: Date
    ended_on: Date
    reason: Note | None = Field(
        default=None, description="why it left before it had done what it was to do"
    )


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
    past: SitePast | None = Field(
        default=None,
        description=(
            "for a part that is over, which may stand beside one of today;"
            " without it the site is a candidate"
        ),
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Katowice", "county_terc": "2469", "implementer": "partner"}
            ]
        }
    )


class SiteUpdate(Wire):
    """A merge patch of the descriptive facts."""

    name: Name = Field(default_factory=str)
    commune_terc: CommuneTerc | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Katowice, etap 2"}]}
    )


class SiteSign(Wire):
    """The agreement that the site is based on."""

    agreement_id: Id
    signed_on: Date | None = Field(
        default=None,
        description="day from which it carries the site, on which it must bind; today when absent",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "agreement_id": "01990000-0000-7000-8000-000000000001",
                    "signed_on": "2025-09-01",
                }
            ]
        }
    )


class SiteActivate(Wire):
    """The day on which the site starts."""

    started_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"started_on": "2025-09-01"}]}
    )


class SiteComplete(Wire):
    """The day on which the site was completed."""

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
    signed_on: date | None = Field(
        description="day from which the agreement carries it"
    )
    started_on: date | None
    ended_on: date | None
    reason: str | None = Field(description="why it was withdrawn")
    recorded: dict[str, Recorded] = RECORDED
    changed_at: datetime


class SiteCounty(BaseModel):
    """Figures of a site's county today: the conditions that a model has to
    fit (source 000).
    """

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


class SiteList(FileQuery, ByIds):
    """Filters of a programme's sites."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    status: list[SiteStatus] | None = None
    implementer: list[Implementer] | None = Field(default=None, max_length=50)
