"""Networks on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Name, Note, Wire
from services.chassis.web.listing import ByIds
from services.registry.institutions.rules.kinds import Sector
from services.registry.institutions.schemas import CountyTerc
from services.registry.networks.rules import NetworkRole
from services.registry.tables import RECORDED, Recorded


class NetworkCreate(Wire):
    """A new support network of a county."""

    county_terc: CountyTerc
    name: Name
    description: Note | None = None
    founded_on: Date
    closed_on: Date | None = Field(
        default=None,
        description="first day on which it was no longer there, where it is over by now",
    )
    closing_reason: Note | None = Field(
        default=None, description="goes with `closed_on`: both or neither"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "county_terc": "2408",
                    "name": "Sieć wsparcia powiatu",
                    "founded_on": "2025-02-01",
                }
            ]
        }
    )


class NetworkUpdate(Wire):
    """A merge patch: what is left out stays, null clears."""

    name: Name = Field(default_factory=str)
    description: Note | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"description": "Sieć czterech sektorów"}]}
    )


class NetworkClose(Wire):
    """When and why a network ends."""

    closed_on: Date = Field(description="first day on which it is no longer there")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"closed_on": "2025-10-31", "reason": "nowa sieć"}]
        }
    )


class NetworkRead(BaseModel):
    """The support network of a county."""

    id: UUID
    version: int
    county_terc: str
    name: str
    description: str | None
    founded_on: date
    closed_on: date | None
    closing_reason: str | None
    recorded: dict[str, Recorded] = RECORDED
    changed_at: datetime


class MemberCount(BaseModel):
    """How many members play a role in a sector."""

    role: NetworkRole
    sector: Sector
    institutions: int


class NetworkOverview(NetworkRead):
    """A network and who belongs to it today."""

    members: list[MemberCount] = Field(
        description="included members by role and sector"
    )
    proposed: int = Field(description="institutions that wait for a decision")


class NetworkList(ByIds):
    """Filters of networks."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    open: bool | None = Field(
        default=None,
        description="open on the day `as_of`, or closed by then; both when absent",
    )
    as_of: Date | None = Field(
        default=None, description="founded by that day; today when absent"
    )
