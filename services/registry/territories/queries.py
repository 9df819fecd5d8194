"""Every question asked of the territorial units."""

import re
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Numeric,
    cast,
    func,
    literal_column,
    select,
)

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Reading, Rows, Stored
from services.chassis.ground.problems import (
    AmbiguousReference,
    FieldError,
    UnknownReference,
)
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.problems import CommuneNotFound, CountyNotFound
from services.registry.territories.models import TerritorialUnit as Unit
from services.registry.territories.rules import WHOLE_COMMUNES, Level, folded
from services.registry.territories.schemas import CommuneList, CountyList, UnitList

_UNITS: FromClause = rows_of(Unit)
_PARENTS = _UNITS.alias("parents")
_WORD = re.compile(r"\w+")
_SIMPLE: ColumnElement[Any] = literal_column("'simple'")


def urbanisation_of(units: FromClause) -> ColumnElement[Any]:
    """The share of a unit's population that lives in towns, 0 to 1 with four places;
    NULL where it is unknown.
    """
    # Cast to a decimal: PostgreSQL divides two integers as integers.
    urban = cast(units.c.urban_population, Numeric)
    share: ColumnElement[Any] = func.round(
        urban / func.nullif(units.c.population, 0), 4
    )
    return share


_UNIT: dict[str, ColumnElement[Any]] = {
    "terc": _UNITS.c.terc,
    "name": _UNITS.c.name,
    "population": _UNITS.c.population,
    "urban_population": _UNITS.c.urban_population,
    "urbanisation": urbanisation_of(_UNITS),
    "population_on": _UNITS.c.population_on,
    "as_of": _UNITS.c.as_of,
    "removed_on": _UNITS.c.removed_on,
}
_COUNTY = _UNIT | {
    "kind": _UNITS.c.kind,
    "voivodeship_terc": _UNITS.c.parent_terc,
    "voivodeship_name": _PARENTS.c.name,
}
_COMMUNE = _UNIT | {
    "kind": _UNITS.c.kind,
    "county_terc": _UNITS.c.parent_terc,
    "county_name": _PARENTS.c.name,
}
_SORTABLE: dict[str, ColumnElement[Any]] = {
    "terc": _UNITS.c.terc,
    "name": in_polish_order(_UNITS.c.name),
}

_VOIVODESHIPS = Listing(_UNIT, _SORTABLE, "terc", _UNITS.c.terc)
_COUNTIES = Listing(_COUNTY, _SORTABLE, "terc", _UNITS.c.terc)
_COMMUNES = Listing(_COMMUNE, _SORTABLE, "terc", _UNITS.c.terc)


def beginnings_of(words: str) -> str:
    """The text search for words that begin like each of `words`, Polish marks or not;
    empty without words.
    """
    # Only letters and digits: `&`, `!` and `:` would be operators. Ten words at most,
    # since each one is a further search of the index.
    return folded(" & ".join(f"{word}:*" for word in _WORD.findall(words)[:10]))


def has_beginnings(search: Any, beginnings: Any) -> ColumnElement[bool]:
    """Whether a search vector matches a text search made by `beginnings_of`."""
    matches: ColumnElement[bool] = search.op("@@")(func.to_tsquery(_SIMPLE, beginnings))
    return matches


def _units(level: Level, query: UnitList) -> Rows:
    units = (
        select(_UNITS)
        # An outer join: a voivodeship has no parent.
        .outerjoin(_PARENTS, _PARENTS.c.terc == _UNITS.c.parent_terc)
        .where(_UNITS.c.level == level, _UNITS.c.removed_on.is_(None))
    )
    if query.q:
        units = units.where(has_beginnings(_UNITS.c.search, beginnings_of(query.q)))
    return units


async def list_voivodeships(
    reading: Reading, terms: ListTerms, query: UnitList
) -> ItemPage:
    """A page of voivodeships."""
    voivodeships = Listed(_VOIVODESHIPS, _units(Level.VOIVODESHIP, query))
    return await page_of(reading, terms, query, voivodeships)


async def list_counties(
    reading: Reading, terms: ListTerms, query: CountyList
) -> ItemPage:
    """A page of counties; with a name, every county of that name."""
    counties = _units(Level.COUNTY, query)
    if query.voivodeship_terc:
        counties = counties.where(_UNITS.c.parent_terc == query.voivodeship_terc)
    if query.kind:
        counties = counties.where(_UNITS.c.kind == query.kind)
    return await page_of(reading, terms, query, Listed(_COUNTIES, counties))


async def list_communes(
    reading: Reading, terms: ListTerms, query: CommuneList
) -> ItemPage:
    """A page of whole communes, or of the kinds that the query names."""
    kinds = query.kind or WHOLE_COMMUNES
    communes = _units(Level.COMMUNE, query).where(_UNITS.c.kind.in_(kinds))
    if query.county_terc:
        communes = communes.where(_UNITS.c.parent_terc == query.county_terc)
    return await page_of(reading, terms, query, Listed(_COMMUNES, communes))


def _one_unit(listing: Listing, level: Level, terc: str) -> Rows:
    columns = stored_columns(listing.wire, _UNITS.c.terc, _UNITS.c.version)
    return (
        select(*columns)
        .outerjoin(_PARENTS, _PARENTS.c.terc == _UNITS.c.parent_terc)
        # Removed units too: lists leave them out, but old records still refer to them.
        .where(_UNITS.c.terc == terc, _UNITS.c.level == level)
    )


async def get_county(reading: Reading, terc: str) -> Stored:
    """One county by its code. A name in place of the code is refused."""
    # A name of several counties is ambiguous here; a unique name is not found below,
    # since it is no code.
    if not terc.isascii() or not terc.isdigit():
        await find_county(reading, terc, place="parameter", name="terc")
    county = _one_unit(_COUNTIES, Level.COUNTY, terc)
    return await reading.stored(county, CountyNotFound)


async def get_commune(reading: Reading, terc: str) -> Stored:
    """One commune, or part of one, by its code."""
    commune = _one_unit(_COMMUNES, Level.COMMUNE, terc)
    return await reading.stored(commune, CommuneNotFound)


async def find_county(
    reading: Reading, reference: str, *, place: Any = "pointer", name: str = "/county"
) -> str:
    """The code of a county, given by its code or by a name that only one county has.

    AmbiguousReference names the codes that match (ten county names repeat);
    UnknownReference when none does.
    """
    matches = (
        select(_UNITS.c.terc)
        .where(_UNITS.c.level == Level.COUNTY, _UNITS.c.removed_on.is_(None))
        .where(
            (_UNITS.c.terc == reference) | (_UNITS.c.folded_name == folded(reference))
        )
        .order_by(_UNITS.c.terc)
        .limit(20)
    )
    codes = list(await reading.scalars(matches))
    if not codes:
        raise UnknownReference(FieldError(place, name, "not_found"))
    if len(codes) > 1:
        raise AmbiguousReference(FieldError(place, name, "ambiguous"), candidates=codes)
    return str(codes[0])


async def require_commune(reading: Reading, terc: str) -> None:
    """UnknownReference unless the commune exists."""
    statement = select(_UNITS.c.terc).where(
        _UNITS.c.terc == terc, _UNITS.c.level == Level.COMMUNE
    )
    if await reading.scalar(statement) is None:
        raise UnknownReference(FieldError("pointer", "/commune_terc", "not_found"))


async def require_county(reading: Reading, terc: str) -> None:
    """CountyNotFound unless the county exists."""
    statement = select(_UNITS.c.terc).where(
        _UNITS.c.terc == terc, _UNITS.c.level == Level.COUNTY
    )
    if await reading.scalar(statement) is None:
        raise CountyNotFound()
