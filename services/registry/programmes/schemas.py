"""Programmes on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Count, Date, Flag, Name, Wire
from services.registry.processes.schemas import CatalogueCode, Label
from services.registry.programmes.rules import SiteLevel

ProgrammeCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,31}$")
]
Sphere = Annotated[int, Strict(), Field(ge=1, le=99)]


class _Programme(Wire):
    """The optional facts about a programme; unknown ones are null."""

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
    process_code: CatalogueCode | None = Field(
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


# Sites copy the level, and their runs belong to the process: after a change, sites and
# programme would not agree.
class ProgrammeUpdate(_Programme):
    """A merge patch: what is left out stays, null clears. Level, process and spheres
    cannot be changed.
    """

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
