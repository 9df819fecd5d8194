"""Local programmes on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Id, Money, Name, Note, Wire
from services.chassis.web.listing import FileQuery
from services.registry.institutions.rules.kinds import Sector
from services.registry.institutions.schemas import CountyTerc
from services.registry.support_services.rules import TargetGroup

Amount = Annotated[
    Money, Field(ge=0, description="PLN, of all its time", examples=["125000.00"])
]


class _Facts(Wire):
    """The optional facts about a programme; unknown ones are null."""

    description: Note | None = None
    target_groups: list[TargetGroup] = Field(default_factory=list, max_length=10)
    ends_on: Date | None = Field(default=None, description="last day")
    amount: Amount | None = None
    funder: Name | None = Field(default=None, description="who pays for it")


class LocalProgrammeCreate(_Facts):
    """A programme of a local authority or of an organisation."""

    institution_id: Id = Field(description="who runs it")
    county_terc: CountyTerc | None = Field(
        default=None, description="where it works; the institution's own when absent"
    )
    name: Name
    sector: Sector | None = Field(
        default=None, description="the institution's own when absent"
    )
    starts_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "institution_id": "01990000-0000-7000-8000-000000000001",
                    "name": "Świetlice środowiskowe",
                    "sector": "family_support",
                    "target_groups": ["child", "family"],
                    "starts_on": "2025-01-01",
                    "ends_on": "2025-12-31",
                    "amount": "125000.00",
                }
            ]
        }
    )


# Without county and institution: elsewhere it is another programme with other money.
class LocalProgrammeUpdate(_Facts):
    """A merge patch: what is left out stays, null clears. Institution and county stay."""

    name: Name = Field(default_factory=str)
    sector: Sector = Field(default_factory=lambda: Sector.CIVIC)
    starts_on: Date = Field(default_factory=lambda: date.min)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ends_on": "2026-06-30"}]}
    )


class LocalProgrammeRead(BaseModel):
    """A programme of a local authority or of an organisation."""

    id: UUID
    version: int
    institution_id: UUID
    institution_name: str
    county_terc: str
    name: str
    description: str | None
    sector: Sector
    target_groups: list[TargetGroup]
    starts_on: date
    ends_on: date | None = Field(description="last day")
    amount: str | None = Field(description="PLN with two places, of all its time")
    currency: Literal["PLN"]
    funder: str | None
    changed_at: datetime


class LocalProgrammeList(FileQuery):
    """Filters of local programmes."""

    institution_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    sector: list[Sector] | None = None
    target_group: list[TargetGroup] | None = None
    as_of: Date | None = Field(
        default=None, description="running on that day; all when absent"
    )
