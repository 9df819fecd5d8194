"""Institutions and their functions on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from services.chassis.ground.scalars import (
    Count,
    Date,
    Flag,
    Line,
    Name,
    Note,
    Number,
    Wire,
)
from services.chassis.web.listing import ByIds, FileQuery
from services.registry.institutions.rules.facts import (
    EMAIL,
    PHONE,
    WEBSITE,
    is_nip,
    regon_of,
)
from services.registry.institutions.rules.kinds import (
    FunctionKind,
    InstitutionSource,
    InstitutionType,
    Ownership,
    ReferenceLevel,
    Sector,
)


def _regon(number: str) -> str:
    if (regon := regon_of(number)) is None:
        raise PydanticCustomError("wrong_checksum", "wrong check digit")
    return regon


def _nip(number: str) -> str:
    if not is_nip(number):
        raise PydanticCustomError("wrong_checksum", "wrong check digit")
    return number


CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]
CommuneTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{7}$")]
Rspo = Annotated[str, Strict(), StringConstraints(pattern=r"^[1-9][0-9]{0,9}$")]
Regon = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^([0-9]{9}|[0-9]{14})$"),
    AfterValidator(_regon),
]
Nip = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[0-9]{10}$"), AfterValidator(_nip)
]
Krs = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{10}$")]
Postcode = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{2}-[0-9]{3}$")]
Short = Annotated[Line, StringConstraints(min_length=1, max_length=100)]
Phone = Annotated[Line, StringConstraints(pattern=PHONE)]
Email = Annotated[Line, StringConstraints(pattern=EMAIL)]
Website = Annotated[Line, StringConstraints(pattern=WEBSITE)]
AccessibilityCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[a-z][a-z_]{0,63}$")
]


class _Details(Wire):
    """The fields of an institution besides name, type and county."""

    sector: Sector | None = Field(
        default=None, description="implied by most types; required for the others"
    )
    ownership: Ownership | None = None
    reference_level: ReferenceLevel | None = Field(
        default=None, description="health institutions only"
    )
    commune_terc: CommuneTerc | None = None
    locality: Short | None = None
    street: Short | None = None
    building: Short | None = None
    unit: Short | None = None
    postcode: Postcode | None = None
    post_office: Short | None = None
    latitude: Number | None = Field(default=None, description="degrees, WGS 84")
    longitude: Number | None = Field(default=None, description="degrees, WGS 84")
    phone: Phone | None = None
    email: Email | None = None
    website: Website | None = None
    rspo: Rspo | None = None
    regon: Regon | None = None
    nip: Nip | None = None
    krs: Krs | None = None
    running_body: Name | None = None
    places: Count | None = Field(default=None, description="places in all")
    enrolled: Count | None = Field(default=None, description="places taken")
    is_accessible: Flag | None = Field(
        default=None, description="adapted to persons with disabilities"
    )
    opened_on: Date | None = None


class InstitutionCreate(_Details):
    """A new institution, in a county named by its code, or by a name that only
    one county has.
    """

    name: Name
    type: InstitutionType
    county_terc: CountyTerc | None = None
    county_name: Short | None = None
    accessibility: list[AccessibilityCode] = Field(default_factory=list, max_length=50)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Poradnia Psychologiczno-Pedagogiczna nr 1",
                    "type": "psych_ped_counselling_centre",
                    "ownership": "public",
                    "county_terc": "2469",
                    "locality": "Katowice",
                    "regon": "123456785",
                }
            ]
        }
    )


class InstitutionUpdate(_Details):
    """A merge patch: what is left out stays, null clears."""

    name: Name = Field(default_factory=str)
    # Never used: without `type` in the patch it stays, and null is refused.
    type: InstitutionType = Field(default_factory=lambda: InstitutionType.OTHER)
    accessibility: list[AccessibilityCode] = Field(default_factory=list, max_length=50)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"phone": "+48 32 123 45 67", "places": 60}]}
    )


class InstitutionClose(Wire):
    """When and why an institution stops working."""

    closed_on: Date = Field(description="first day on which it no longer works")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"closed_on": "2025-08-31", "reason": "merged"}]
        }
    )


class InstitutionRead(BaseModel):
    """An institution."""

    id: UUID
    version: int
    name: str
    type: InstitutionType
    sector: Sector
    ownership: Ownership | None
    reference_level: ReferenceLevel | None
    county_terc: str
    commune_terc: str | None
    locality: str | None
    street: str | None
    building: str | None
    unit: str | None
    postcode: str | None
    post_office: str | None
    latitude: float | None
    longitude: float | None
    phone: str | None
    email: str | None
    website: str | None
    rspo: str | None
    regon: str | None
    nip: str | None
    krs: str | None
    running_body: str | None
    places: int | None
    enrolled: int | None
    is_accessible: bool | None
    accessibility: list[str]
    opened_on: date | None
    closed_on: date | None
    closing_reason: str | None
    source: InstitutionSource
    source_key: str | None
    valid_from: date = Field(description="since when it has been as shown")
    changed_at: datetime


class InstitutionList(FileQuery, ByIds):
    """Filters of institutions."""

    q: Line | None = Field(
        default=None,
        max_length=100,
        description="words of name, locality, street, RSPO or REGON",
    )
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    county: Short | None = Field(
        default=None, description="code or name; a name of several counties is refused"
    )
    voivodeship_terc: (
        Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{2}$")] | None
    ) = None
    commune_terc: list[CommuneTerc] | None = Field(default=None, max_length=400)
    type: list[InstitutionType] | None = None
    sector: list[Sector] | None = None
    ownership: Ownership | None = None
    reference_level: list[ReferenceLevel] | None = None
    function: FunctionKind | None = Field(
        default=None, description="holds this function on the day asked for"
    )
    rspo: Rspo | None = None
    # Any text: a filter by a wrong number is answered with an empty list.
    regon: Line | None = Field(default=None, max_length=14)
    nip: Line | None = Field(default=None, max_length=10)
    as_of: Date | None = Field(
        default=None, description="as it was on that day; today when absent"
    )
    include_closed: bool = Field(
        default=False, description="also those that do not work on that day"
    )
