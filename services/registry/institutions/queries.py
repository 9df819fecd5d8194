"""Every question asked of the institutions, their history and their functions."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    FromClause,
    Text,
    any_,
    bindparam,
    exists,
    func,
    literal,
    select,
    true,
    union_all,
)

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.expanding import Expansion
from services.chassis.web.listing import FileQuery, Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.institutions.models import (
    FACTS,
    SEARCHED,
    Institution,
    InstitutionFunction,
    InstitutionHistory,
)
from services.registry.institutions.schemas import (
    InstitutionList,
    InstitutionRead,
)
from services.registry.permissions import Permission
from services.registry.problems import InstitutionNotFound
from services.registry.territories.queries import (
    beginnings_of,
    find_county,
    has_beginnings,
)

_CURRENT: FromClause = rows_of(Institution)
_FUNCTIONS: FromClause = rows_of(InstitutionFunction)


def _wire(rows: FromClause, read: type[Any]) -> dict[str, ColumnElement[Any]]:
    return {name: rows.c[name] for name in read.model_fields}


def _listing(rows: FromClause) -> Listing:
    sortable = {
        name: rows.c[name] for name in ("county_terc", "type", "changed_at")
    } | {"name": rows.c.sort_name}
    return Listing(_wire(rows, InstitutionRead), sortable, "name", rows.c.id)


LISTING = _listing(_CURRENT)
REFERRED = Expansion(
    "institution_id",
    Permission.READ_INSTITUTIONS,
    LISTING,
    # Every caller with the permission may read all institutions.
    lambda _: select(_CURRENT),
)
"""Replaces a reference to an institution by the institution itself (`expand`)."""
STORED = stored_columns(LISTING.wire, _CURRENT.c.id, _CURRENT.c.version)
_CLOSING = {"closed_on", "closing_reason"}
# Sorted, so that the same filters always make the same statement.
_FILTERS = sorted(
    InstitutionList.model_fields.keys()
    - FileQuery.model_fields.keys()
    - {"id", "q", "county", "include_closed"}
)
# A parameter without a value, which each query supplies: the statement is built once.
_THAT_DAY: ColumnElement[date] = bindparam("as_of", type_=Date, required=False)


def _fold(words: ColumnElement[str]) -> ColumnElement[str]:
    return func.translate(func.lower(words), "ąćęłńóśźż", "acelnoszz")


def _as_of() -> FromClause:
    """Every institution as it was on the day `as_of`: the present record if it was
    valid then, else an earlier one.

    The day of closing is taken from the present record: a closing is often
    recorded late.
    """
    now = select(
        *[
            _CURRENT.c[name]
            for name in ("id", "version", "changed_at", *FACTS, "sort_name", "search")
        ]
    )
    past: FromClause = rows_of(InstitutionHistory)
    past_rows = select(
        past.c.institution_id.label("id"),
        past.c.version,
        # The history has days only: the day of the next change stands for `changed_at`.
        func.cast(past.c.valid_to, _CURRENT.c.changed_at.type).label("changed_at"),
        *[(_CURRENT if name in _CLOSING else past).c[name] for name in FACTS],
        in_polish_order(past.c.name).label("sort_name"),
        func.to_tsvector(
            "simple", _fold(func.concat_ws(" ", *[past.c[name] for name in SEARCHED]))
        ).label("search"),
    ).join(_CURRENT, _CURRENT.c.id == past.c.institution_id)
    return union_all(
        now.where(_CURRENT.c.valid_from <= _THAT_DAY),
        past_rows.where(past.c.valid_from <= _THAT_DAY, past.c.valid_to > _THAT_DAY),
    ).subquery("institutions_then")


_THEN = _as_of()
_LISTING_THEN = _listing(_THEN)


def works_on(rows: FromClause, day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The institutions that work on a day."""
    works: ColumnElement[bool] = func.coalesce(rows.c.opened_on <= day, true())
    return works & func.coalesce(rows.c.closed_on > day, true())


def _holds_function(rows: FromClause, day: ColumnElement[date]) -> ColumnElement[bool]:
    functions = _FUNCTIONS.c
    return exists().where(
        functions.institution_id == rows.c.id,
        functions.kind == bindparam("function", type_=Text, required=False),
        functions.held_from <= day,
        func.coalesce(functions.held_to > day, true()),
    )


def _values(query: InstitutionList, county: str | None) -> dict[str, Any]:
    """The values of a list's filters by name: a single value as it is,
    several as a list.
    """
    filters = {name: value for name in _FILTERS if (value := getattr(query, name))}
    values: dict[str, Any] = {
        # An index gives the rows of one value in order; those of several
        # have to be sorted.
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in filters.items()
    }
    if query.q:
        values["q"] = beginnings_of(query.q)
    return values if county is None else values | {"county": county}


@lru_cache(maxsize=512)
def _matching(
    filters: tuple[tuple[str, bool], ...], today: date, *, include_closed: bool
) -> tuple[Listing, Rows]:
    """The institutions that fit filters, each a name and whether it has several values.

    Built once for the same filters: the values are parameters, so PostgreSQL
    plans it once, too.
    """
    is_past = ("as_of", False) in filters
    listing, rows = (_LISTING_THEN, _THEN) if is_past else (LISTING, _CURRENT)
    # No parameter: the planner knows how many institutions are open today.
    day = _THAT_DAY if is_past else literal(today, Date, literal_execute=True)
    statement = select(rows)
    for name, has_several in filters:
        if name != "as_of":
            statement = statement.where(_fits(rows, name, day, has_several=has_several))
    return listing, statement if include_closed else statement.where(
        works_on(rows, day)
    )


def _fits(
    rows: FromClause, name: str, day: ColumnElement[date], *, has_several: bool
) -> ColumnElement[bool]:
    """The rows that fit the filter of this name, whose value is a parameter."""
    if name == "q":
        words = bindparam("q", type_=Text, required=False)
        return has_beginnings(rows.c.search, words)
    if name == "function":
        return _holds_function(rows, day)
    if name == "voivodeship_terc":
        voivodeship = bindparam(name, type_=Text, required=False)
        return func.left(rows.c.county_terc, 2) == voivodeship
    column = rows.c["county_terc" if name == "county" else name]
    if has_several:
        is_any: ColumnElement[bool] = column == any_(
            bindparam(name, type_=ARRAY(Text), required=False)
        )
        return is_any
    value = bindparam(name, type_=Text, required=False)
    is_equal: ColumnElement[bool] = column == value
    return is_equal


async def list_institutions(
    reading: Reading, query: InstitutionList, today: date
) -> Listed:
    """The institutions that a list or a file shows."""
    county = None
    if query.county:
        county = await find_county(
            reading, query.county, place="parameter", name="county"
        )
    values = _values(query, county)
    shape = tuple((name, isinstance(value, list)) for name, value in values.items())
    listing, rows = _matching(shape, today, include_closed=query.include_closed)
    return Listed(listing, rows, values)


async def get_institution(
    reading: Reading, institution_id: UUID, as_of: date | None = None
) -> Stored:
    """One institution, as it is or as it was on a day."""
    rows = _CURRENT if as_of is None else _THEN
    columns = stored_columns(_wire(rows, InstitutionRead), rows.c.id, rows.c.version)
    statement = select(*columns).where(rows.c.id == institution_id).params(as_of=as_of)
    return await reading.stored(statement, InstitutionNotFound)


class FactsOfDay(NamedTuple):
    """The facts on which an institution's membership in a network depends."""

    type: str
    sector: str
    ownership: str | None
    reference_level: str | None
    county_terc: str


async def find_facts_of_day(
    reading: Reading, institution_id: UUID, day: date
) -> FactsOfDay | None:
    """The facts of an institution on a day; None for a day before its first record."""
    columns = [_THEN.c[name] for name in FactsOfDay._fields]
    statement = select(*columns).where(_THEN.c.id == institution_id).params(as_of=day)
    row = await reading.find(statement)
    return None if row is None else FactsOfDay(*row)


async def lock_institution(change: Change, institution_id: UUID) -> Institution:
    """An institution, locked until the transaction ends."""
    statement = (
        select(_CURRENT).where(_CURRENT.c.id == institution_id).with_for_update()
    )
    return await change.instance(Institution, statement, InstitutionNotFound)


class HeldFunction(NamedTuple):
    """Which function is held, and how it was given."""

    kind: str
    mode: str


async def list_functions_from(
    reading: Reading, institution_id: UUID, day: date
) -> list[HeldFunction]:
    """The functions that an institution holds on a day or is to hold later."""
    has_not_ended = func.coalesce(_FUNCTIONS.c.held_to > day, True)
    of_institution = _FUNCTIONS.c.institution_id == institution_id
    columns = (_FUNCTIONS.c.kind, _FUNCTIONS.c.mode)
    statement = select(*columns).where(of_institution, has_not_ended)
    return [HeldFunction(*row) for row in await reading.rows(statement)]
