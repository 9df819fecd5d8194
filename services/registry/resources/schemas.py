"""A county's resources on the wire."""

from datetime import datetime

from pydantic import BaseModel, Field

from services.registry.institutions.rules.kinds import Sector
from services.registry.support_services.rules import SupportKind


class OfferRead(BaseModel):
    """The offer of a county in one sector and of one kind."""

    sector: Sector
    kind: SupportKind
    services: int
    institutions: int
    capacity: int | None = Field(
        description="sum of the known capacities; null when none is known"
    )
    free_places: int | None
    capacity_unknown: int = Field(
        description="services that do not tell their capacity"
    )
    average_waiting_days: float | None
    stale: int = Field(description="services that nobody has verified for long")
    oldest_verified_at: datetime | None


class PresenceRead(BaseModel):
    """How many institutions of a sector work in the county."""

    sector: Sector
    institutions: int


class ProgrammesRead(BaseModel):
    """The programmes of local authorities and organisations in one sector."""

    sector: Sector
    programmes: int
    institutions: int
    amount: str | None = Field(
        description="PLN, sum of the known amounts; null when none is known"
    )
    amount_unknown: int = Field(description="programmes that do not tell their amount")


class GapRead(BaseModel):
    """A kind of support that nobody offers in a sector."""

    sector: Sector
    kind: SupportKind


class ResourcesRead(BaseModel):
    """The county's inventory today."""

    county_terc: str
    institutions: list[PresenceRead]
    offer: list[OfferRead]
    programmes: list[ProgrammesRead] = Field(
        description="of local authorities and organisations, running today"
    )
    missing: list[GapRead] = Field(
        description="of the four sectors of the model and the five kinds of support"
    )
    stale_after_days: int
