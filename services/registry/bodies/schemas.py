"""Bodies on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Name, Note, Wire
from services.chassis.web.listing import ByIds, FileQuery
from services.registry.bodies.rules import BodyKind, Pillar
from services.registry.institutions.schemas import CommuneTerc, CountyTerc
from services.registry.processes.schemas import CatalogueCode
from services.registry.tables import RECORDED, Recorded

VoivodeshipTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{2}$")]


class BodyCreate(Wire):
    """A body to be founded.

    A team sits in a commune, a platform in a county or a voivodeship, a centre in a county.
    """

    kind: BodyKind
    name: Name
    voivodeship_terc: VoivodeshipTerc | None = Field(
        default=None, description="of a regional platform only"
    )
    county_terc: CountyTerc | None = Field(
        default=None, description="of a county's platform or centre only"
    )
    commune_terc: CommuneTerc | None = Field(
        default=None, description="of a local synergy team only"
    )
    composition_rule: CatalogueCode | None = Field(
        default=None, description="the usual rule of this kind when absent"
    )
    founded_on: Date
    pillars: list[Pillar] = Field(
        default_factory=list, max_length=3, description="which pillars it joins"
    )
    dissolved_on: Date | None = Field(
        default=None,
        description="first day on which it was no longer there, where it is over by now",
    )
    dissolving_reason: Note | None = Field(
        default=None, description="goes with `dissolved_on`: both or neither"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "county_cooperation_platform",
                    "name": "Regionalna Platforma Współpracy Powiatu",
                    "county_terc": "2408",
                    "founded_on": "2025-01-15",
                }
            ]
        }
    )


class BodyUpdate(Wire):
    """A merge patch: what is left out stays. Kind, seat and rule stay for good."""

    name: Name = Field(default_factory=str)
    pillars: list[Pillar] = Field(default_factory=list, max_length=3)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"pillars": ["employment", "social_assistance"]}]
        }
    )


class BodyDissolve(Wire):
    """When and why a body is dissolved."""

    dissolved_on: Date = Field(description="first day on which it no longer is")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"dissolved_on": "2025-06-30", "reason": "koniec fazy"}]
        }
    )


class BodyRead(BaseModel):
    """A team or platform of cooperation."""

    id: UUID
    version: int
    kind: BodyKind
    name: str
    voivodeship_terc: str
    county_terc: str | None
    commune_terc: str | None
    composition_rule: str
    process: str | None = Field(
        description="the process by which it is formed; see its steps"
    )
    state: str | None = Field(description="the last step of that process that was done")
    founded_on: date
    pillars: list[Pillar]
    dissolved_on: date | None
    dissolving_reason: str | None
    recorded: dict[str, Recorded] = RECORDED
    changed_at: datetime


class BodyList(FileQuery, ByIds):
    """Filters of bodies."""

    kind: list[BodyKind] | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    voivodeship_terc: VoivodeshipTerc | None = None
    pillar: Pillar | None = None
    active: bool | None = Field(
        default=None, description="not dissolved; both when absent"
    )
