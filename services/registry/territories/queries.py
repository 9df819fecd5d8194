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

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.listing import Listing, json_object
from services.chassis.paging import page
from services.chassis.problems import (
    AmbiguousReference,
    FieldError,
    Problem,
    UnknownReference,
)
from services.chassis.tables import rows_of
from services.chassis.work import Reading, Rows
from services.registry.problems import CommuneNotFound, CountyNotFound
from services.registry.territories.models import TerritorialUnit as Unit
from services.registry.territories.rules import WHOLE_COMMUNES, Level
from services.registry.territories.schemas import CommuneList, CountyList, UnitList

_UNITS: FromClause = rows_of(Unit)
_PARENTS = _UNITS.alias("parents")
_WORD = re.compile(r"\w+")
_UNMARKED = str.maketrans("ąćęłńóśźż", "acelnoszz")
_SIMPLE: ColumnElement[Any] = literal_column("'simple'")

_UNIT: dict[str, ColumnElement[Any]] = {
    "terc": _UNITS.c.terc,
    "name": _UNITS.c.name,
    "population": _UNITS.c.population,
    "urban_population": _UNITS.c.urban_population,
    "urbanisation": func.round(
        cast(_UNITS.c.urban_population, Numeric) / func.nullif(_UNITS.c.population, 0),
        4,
    ),
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
    "name": _UNITS.c.folded_name,
}

VOIVODESHIPS = Listing(_UNIT, _SORTABLE, "terc", _UNITS.c.terc)
COUNTIES = Listing(_COUNTY, _SORTABLE, "terc", _UNITS.c.terc)
COMMUNES = Listing(_COMMUNE, _SORTABLE, "terc", _UNITS.c.terc)


def _folded(words: str) -> str:
    """Words as FOLD makes them of what is searched."""
    return words.lower().translate(_UNMARKED)


def beginnings_of(words: str) -> str:
    """A text search for every word of `words` as a beginning, Polish marks or not. Without words: for nothing."""
    return _folded(" & ".join(f"{word}:*" for word in _WORD.findall(words)[:10]))


def has_beginnings(search: Any, beginnings: Any) -> ColumnElement[bool]:
    """The rows whose search vector has all `beginnings_of` some words."""
    found: ColumnElement[bool] = search.op("@@")(func.to_tsquery(_SIMPLE, beginnings))
    return found


def _units(level: Level, query: UnitList) -> Rows:
    units = (
        select(_UNITS)
        .outerjoin(_PARENTS, _PARENTS.c.terc == _UNITS.c.parent_terc)
        .where(_UNITS.c.level == level, _UNITS.c.removed_on.is_(None))
    )
    return (
        units.where(has_beginnings(_UNITS.c.search, beginnings_of(query.q)))
        if query.q
        else units
    )


async def list_voivodeships(
    reading: Reading, terms: AnswerTerms, query: UnitList
) -> Answer:
    """A page of voivodeships."""
    return await page(
        reading, terms, query, VOIVODESHIPS, _units(Level.VOIVODESHIP, query)
    )


async def list_counties(
    reading: Reading, terms: AnswerTerms, query: CountyList
) -> Answer:
    """A page of counties. A name is answered by every county that bears it."""
    counties = _units(Level.COUNTY, query)
    if query.voivodeship_terc:
        counties = counties.where(_UNITS.c.parent_terc == query.voivodeship_terc)
    if query.kind:
        counties = counties.where(_UNITS.c.kind == query.kind)
    return await page(reading, terms, query, COUNTIES, counties)


async def list_communes(
    reading: Reading, terms: AnswerTerms, query: CommuneList
) -> Answer:
    """A page of whole communes, or of the kinds asked for."""
    communes = _units(Level.COMMUNE, query).where(
        _UNITS.c.kind.in_(query.kind or WHOLE_COMMUNES)
    )
    if query.county_terc:
        communes = communes.where(_UNITS.c.parent_terc == query.county_terc)
    return await page(reading, terms, query, COMMUNES, communes)


async def _get_unit(
    reading: Reading,
    terms: AnswerTerms,
    terc: str,
    listing: Listing,
    level: Level,
    missing: type[Problem],
) -> Answer:
    statement = (
        select(json_object(listing.wire), _UNITS.c.version)
        .outerjoin(_PARENTS, _PARENTS.c.terc == _UNITS.c.parent_terc)
        .where(_UNITS.c.terc == terc, _UNITS.c.level == level)
    )
    found = await reading.find(statement)
    if found is None:
        raise missing()
    return tagged(found[0], etag(terc, found[1]), terms)


async def get_county(reading: Reading, terms: AnswerTerms, terc: str) -> Answer:
    """One county by its code. A name is a reference that may be ambiguous: it is told so, never guessed."""
    if not terc.isascii() or not terc.isdigit():
        await find_county(reading, terc, place="parameter", name="terc")
    return await _get_unit(reading, terms, terc, COUNTIES, Level.COUNTY, CountyNotFound)


async def get_commune(reading: Reading, terms: AnswerTerms, terc: str) -> Answer:
    """One commune, or part of one, by its code."""
    return await _get_unit(
        reading, terms, terc, COMMUNES, Level.COMMUNE, CommuneNotFound
    )


async def find_county(
    reading: Reading, reference: str, *, place: Any = "pointer", name: str = "/county"
) -> str:
    """The code of the county meant by a code or by a name that only one county bears.

    AmbiguousReference names the codes that would fit (ten county names repeat); UnknownReference when none does.
    """
    fitting = (
        select(_UNITS.c.terc)
        .where(_UNITS.c.level == Level.COUNTY, _UNITS.c.removed_on.is_(None))
        .where(
            (_UNITS.c.terc == reference) | (_UNITS.c.folded_name == _folded(reference))
        )
        .order_by(_UNITS.c.terc)
        .limit(20)
    )
    codes = list(await reading.scalars(fitting))
    if not codes:
        raise UnknownReference(FieldError(place, name, "not_found"))
    if len(codes) > 1:
        raise AmbiguousReference(FieldError(place, name, "ambiguous"), candidates=codes)
    return str(codes[0])


async def require_commune(reading: Reading, terc: str) -> None:
    """UnknownReference unless the commune exists."""
    known = select(_UNITS.c.terc).where(
        _UNITS.c.terc == terc, _UNITS.c.level == Level.COMMUNE
    )
    if await reading.scalar(known) is None:
        raise UnknownReference(FieldError("pointer", "/commune_terc", "not_found"))


async def require_county(reading: Reading, terc: str) -> None:
    """CountyNotFound unless the county exists."""
    known = select(_UNITS.c.terc).where(
        _UNITS.c.terc == terc, _UNITS.c.level == Level.COUNTY
    )
    if await reading.scalar(known) is None:
        raise CountyNotFound()
