"""Territorial units on the wire."""

from datetime import date

from pydantic import BaseModel, Field

from services.chassis.ground.scalars import Line
from services.chassis.web.listing import ListQuery
from services.registry.territories.rules import CommuneKind, CountyKind


class UnitRead(BaseModel):
    """The fields of every unit."""

    terc: str = Field(
        description="official code; text, with leading zeros", examples=["2469"]
    )
    name: str
    population: int | None = None
    urban_population: int | None = None
    urbanisation: float | None = Field(
        default=None, description="share of the population in towns, 0 to 1"
    )
    population_on: date | None = None
    as_of: date = Field(
        description="state of the register that the unit was last seen in"
    )
    removed_on: date | None = Field(
        default=None, description="state of the register that no longer had it"
    )


class VoivodeshipRead(UnitRead):
    """A voivodeship."""


class CountyRead(UnitRead):
    """A county, or a city with county rights."""

    kind: CountyKind
    voivodeship_terc: str
    voivodeship_name: str


class CommuneRead(UnitRead):
    """A commune, or a part of one."""

    kind: CommuneKind
    county_terc: str
    county_name: str


class UnitList(ListQuery):
    """Filters of all levels."""

    q: Line | None = Field(
        default=None,
        max_length=100,
        description="words of the name, Polish marks optional",
    )


class CountyList(UnitList):
    """Filters of counties."""

    voivodeship_terc: Line | None = Field(default=None, pattern=r"^[0-9]{2}$")
    kind: CountyKind | None = None


class CommuneList(UnitList):
    """Filters of communes."""

    county_terc: Line | None = Field(default=None, pattern=r"^[0-9]{4}$")
    kind: list[CommuneKind] | None = Field(
        default=None, description="absent: whole communes only"
    )
