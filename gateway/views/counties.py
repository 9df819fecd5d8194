"""/v1/views/counties/{terc}: what a county has and lacks."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from gateway.views.answering import Key, Query, View
from gateway.views.asking import Asking, Leg
from gateway.views.shapes import ViewBody

TERC = Key("terc", "[0-9]{4}", "TERYT code of the county", "2469")


class CountyCard(BaseModel):
    """Which county it is."""

    terc: str
    name: str
    kind: str
    voivodeship_terc: str
    voivodeship_name: str
    population: int | None
    population_on: date | None


class PresenceInCounty(BaseModel):
    """How many institutions of a sector work in the county."""

    sector: str
    institutions: int


class OfferInCounty(BaseModel):
    """What a county offers in one sector and of one kind."""

    sector: str
    kind: str
    services: int
    institutions: int
    capacity: int | None = Field(description="sum of those that are known")
    free_places: int | None = Field(description="sum of those that are known")
    capacity_unknown: int
    average_waiting_days: float | None
    stale: int = Field(description="services that nobody has verified for long")


class MissingSupport(BaseModel):
    """A kind of support that nobody offers in a sector."""

    sector: str
    kind: str


class CountyResources(BaseModel):
    """The county's inventory today."""

    institutions: list[PresenceInCounty]
    offer: list[OfferInCounty]
    missing: list[MissingSupport]


class NetworkCard(BaseModel):
    """The open support network of the county."""

    id: UUID
    name: str
    founded_on: date


class _Networks(BaseModel):
    items: list[NetworkCard]


class CountyView(ViewBody):
    """A county on one screen."""

    county: CountyCard
    resources: CountyResources | None = None
    network: NetworkCard | None = None


async def view_county(ask: Asking, terc: str, _: Query) -> CountyView:
    """A county on one screen: what it offers and lacks, and its support network.

    Each part is there for whoever may read it at its own service.
    """
    path = f"/counties/{terc}"
    county = ask.subject(
        Leg("county", "registry", path, is_reference=True), CountyCard
    )
    resources = ask.part(
        Leg("resources", "registry", f"{path}/resources"), CountyResources
    )
    query = {"county_terc": terc, "open": "true"}
    networks = ask.part(Leg("network", "registry", "/networks", query), _Networks)
    return CountyView(
        county=await county,
        resources=await resources,
        network=_only(await networks),
    )


def _only(networks: _Networks | None) -> NetworkCard | None:
    # At most one network of a county is open.
    return next(iter(networks.items if networks else []), None)


COUNTIES = View("counties", TERC, view_county, CountyView)
