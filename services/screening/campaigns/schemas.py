"""Campaigns and their implementers on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Id, Name, Note, Wire
from services.chassis.web.listing import ByIds, FileQuery
from services.screening.campaigns.rules.counties import COUNTY_CODE
from services.screening.campaigns.rules.disclosure import FEW
from services.screening.campaigns.rules.life import CampaignState
from services.screening.protocols.schemas import Labels, Number, ProtocolCode

CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=f"^{COUNTY_CODE}$")]
ImplementerCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")
]
ProgrammeCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,31}$")
]
Months = Annotated[int, Strict(), Field(ge=1, le=1200)]
Edges = Annotated[list[Months], Field(min_length=1, max_length=20)]
SmallCell = Annotated[int, Strict(), Field(ge=FEW, le=100)]

_EDGES = Field(
    description="months at which an age band begins: "
    "6, 36 divide ages into below 6, 6–35, 36 and above"
)
_SMALL = Field(default=FEW, description="numbers from 1 to one less are not published")
# Lists of counties have at most 400 members wherever a caller sends one: Poland
# has 380 counties.
_COUNTIES = "where it screens, and nowhere else; in any county when empty"


class CampaignCreate(Wire):
    """A campaign to come."""

    name_pl: Name
    name_en: Name
    protocol_code: ProtocolCode
    protocol_version: Number
    county_terc: CountyTerc | None = Field(
        default=None, description="of one county; null: of several"
    )
    programme_code: ProgrammeCode | None = None
    age_bands: Edges = _EDGES
    small_cell: SmallCell = _SMALL

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name_pl": "Badanie małych dzieci 2026",
                    "name_en": "Small children 2026",
                    "protocol_code": "SMALL-CHILDREN",
                    "protocol_version": 1,
                    "county_terc": "2469",
                    "age_bands": [6, 36, 72],
                }
            ]
        }
    )


class CampaignUpdate(Wire):
    """A merge patch, while the campaign is planned."""

    # Only the fields that were sent are read (`exclude_unset`). These defaults make a
    # field optional and still forbid null.
    name_pl: Name = Field(default_factory=str)
    name_en: Name = Field(default_factory=str)
    programme_code: ProgrammeCode | None = None
    age_bands: Edges = Field(default_factory=list)
    small_cell: SmallCell = FEW

    model_config = ConfigDict(json_schema_extra={"examples": [{"small_cell": 10}]})


class CampaignOpen(Wire):
    """The first day of screening."""

    opened_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"opened_on": "2025-09-01"}]}
    )


class CampaignClose(Wire):
    """The last day of screening."""

    closed_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"closed_on": "2025-10-31"}]}
    )


class CampaignReopen(Wire):
    """Why a closed campaign takes screenings again."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "sześć formularzy przyszło pocztą"}]}
    )


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
    stage_one_due_on: date | None = Field(
        description="counted from the opening by the protocol"
    )
    stage_two_due_on: date | None
    closed_on: date | None
    reopened_at: datetime | None = Field(description="when it last was, if ever")
    reopening_reason: str | None
    changed_at: datetime


class CampaignList(FileQuery, ByIds):
    """Filters of the list of campaigns."""

    county_terc: list[CountyTerc] | None = Field(
        default=None,
        max_length=400,
        description="what runs there: campaigns of this county, and those of several (null)",
    )
    state: list[CampaignState] | None = None
    protocol_code: list[ProtocolCode] | None = Field(default=None, max_length=50)


class ImplementerCreate(Wire):
    """A new implementer of a campaign."""

    code: ImplementerCode
    name: Name
    institution_id: Id | None = None
    counties: list[CountyTerc] = Field(
        default_factory=list, max_length=400, description=_COUNTIES
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "project",
                    "name": "Powiaty projektu",
                    "counties": ["2469", "2408"],
                }
            ]
        }
    )


class ImplementerRead(BaseModel):
    """An implementer of a campaign."""

    code: str
    name: str
    institution_id: UUID | None
    counties: list[str] = Field(description=_COUNTIES)
    added_at: datetime
