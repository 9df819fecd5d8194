"""Figures of counties on the wire."""

from datetime import date

from pydantic import BaseModel, Field


class CountyFigures(BaseModel):
    """The figures of a county today."""

    terc: str
    name: str
    voivodeship_terc: str
    population: int | None
    institutions: int
    services: int = Field(description="support services that are offered")
    capacity: int | None = Field(
        description="sum of the known capacities; null when none is known"
    )
    free_places: int | None
    capacity_unknown: int = Field(
        description="services that do not tell their capacity"
    )
    has_network: bool = Field(description="whether a support network is open")
    sites: int = Field(description="of programmes, that are active")


class CountyFiguresRead(BaseModel):
    """The figures of all counties today."""

    as_of: date
    items: list[CountyFigures] = Field(description="every county, by its code")
