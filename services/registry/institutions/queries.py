"""Every question asked of the institutions, their history and their functions."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    FromClause,
    Text,
    Uuid,
    any_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
    union_all,
)
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.concurrency import etag, tagged
from services.chassis.database import Record, Rows
from services.chassis.exports import FileQuery
from services.chassis.paging import Listing, json_object, page
from services.chassis.problems import Problem
from services.chassis.routes import Answer, AnswerTerms
from services.chassis.tables import rows_of
from services.registry.institutions.models import (
    FACTS,
    SEARCHED,
    Institution,
    InstitutionFunction,
    InstitutionHistory,
)
from services.registry.institutions.schemas import FunctionList, FunctionRead, InstitutionList, InstitutionRead
from services.registry.problems import FunctionNotFound, InstitutionNotFound
from services.registry.territories.queries import beginnings_of, find_county, has_beginnings

_CURRENT: FromClause = rows_of(Institution)
_FUNCTIONS: FromClause = rows_of(InstitutionFunction)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def _wire(rows: FromClause, read: type[Any]) -> dict[str, ColumnElement[Any]]:
    return {name: rows.c[name] for name in read.model_fields}


def _listing(rows: FromClause) -> Listing:
    sortable = {name: rows.c[name] for name in ("county_terc", "type", "changed_at")} | {"name": rows.c.folded_name}
    return Listing(_wire(rows, InstitutionRead), sortable, "name", rows.c.id)


LISTING = _listing(_CURRENT)
WIRE = LISTING.wire
_CLOSING = {"closed_on", "closing_reason"}
_FILTERS = sorted(
    InstitutionList.model_fields.keys() - FileQuery.model_fields.keys() - {"q", "county", "include_closed"}
)
_THAT_DAY: ColumnElement[date] = bindparam("as_of", type_=Date, required=False)
FUNCTION_WIRE = _wire(_FUNCTIONS, FunctionRead)


def _folded(words: ColumnElement[str]) -> ColumnElement[str]:
    return func.translate(func.lower(words), "ąćęłńóśźż", "acelnoszz")


def _as_of() -> FromClause:
    """Every institution as it was on the day `as_of`: the present record if it held then already, else an earlier one.

    The day of closing is taken from the present record: it is often recorded later than it was.
    """
    now = select(*[_CURRENT.c[name] for name in ("id", "version", "changed_at", *FACTS, "folded_name", "search")])
    past: FromClause = rows_of(InstitutionHistory)
    then = select(
        past.c.institution_id.label("id"),
        past.c.version,
        func.cast(past.c.valid_to, _CURRENT.c.changed_at.type).label("changed_at"),
        *[(_CURRENT if name in _CLOSING else past).c[name] for name in FACTS],
        _folded(past.c.name).label("folded_name"),
        func.to_tsvector("simple", _folded(func.concat_ws(" ", *[past.c[name] for name in SEARCHED]))).label("search"),
    ).join(_CURRENT, _CURRENT.c.id == past.c.institution_id)
    return union_all(
        now.where(_CURRENT.c.valid_from <= _THAT_DAY),
        then.where(past.c.valid_from <= _THAT_DAY, past.c.valid_to > _THAT_DAY),
    ).subquery("institutions_then")


_THEN = _as_of()
_LISTING_THEN = _listing(_THEN)


def works_on(rows: FromClause, day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The institutions that work on a day."""
    works: ColumnElement[bool] = func.coalesce(rows.c.opened_on <= day, true())
    return works & func.coalesce(rows.c.closed_on > day, true())


def _holding(rows: FromClause, day: ColumnElement[date]) -> ColumnElement[bool]:
    functions = _FUNCTIONS.c
    return exists().where(
        functions.institution_id == rows.c.id,
        functions.kind == bindparam("function", type_=Text, required=False),
        functions.held_from <= day,
        func.coalesce(functions.held_to > day, true()),
    )


def _asked(query: InstitutionList, county: str | None) -> dict[str, Any]:
    """What a list asks for, by name: one value as itself, several as a list."""
    asked = {name: value for name in _FILTERS if (value := getattr(query, name))}
    asked = {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in asked.items()}
    if query.q:
        asked["q"] = beginnings_of(query.q)
    return asked if county is None else asked | {"county": county}


@lru_cache(maxsize=512)
def _matching(asked: tuple[tuple[str, bool], ...], today: date, *, include_closed: bool) -> tuple[Listing, Rows]:
    """The institutions that all lists with the same filters ask for, made once: what they ask for are parameters.

    `asked`: the filters, and whether there are several values. A list of today without any is planned once, too.
    """
    is_past = ("as_of", False) in asked
    listing, rows = (_LISTING_THEN, _THEN) if is_past else (LISTING, _CURRENT)
    day: ColumnElement[date] = _THAT_DAY if is_past else literal(today, Date, literal_execute=True)
    found = select(rows)
    for name, has_several in asked:
        if name == "q":
            found = found.where(has_beginnings(rows.c.search, bindparam("q", type_=Text, required=False)))
        elif name == "function":
            found = found.where(_holding(rows, day))
        elif name == "voivodeship_terc":
            found = found.where(func.left(rows.c.county_terc, 2) == bindparam(name, type_=Text, required=False))
        elif name != "as_of":
            column = rows.c["county_terc" if name == "county" else name]
            kind = Uuid if name == "id" else Text
            given = bindparam(name, type_=ARRAY(kind) if has_several else kind, required=False)
            found = found.where(column == (any_(given) if has_several else given))
    return listing, found if include_closed else found.where(works_on(rows, day))


async def list_institutions(
    session: AsyncSession, query: InstitutionList, today: date
) -> tuple[Listing, Rows, dict[str, Any]]:
    """What a list or an export of institutions shows, of which rows, and what is asked of them."""
    county = await find_county(session, query.county, place="parameter", name="county") if query.county else None
    asked = _asked(query, county)
    shape = tuple((name, isinstance(value, list)) for name, value in asked.items())
    return *_matching(shape, today, include_closed=query.include_closed), asked


async def _one(session: AsyncSession, statement: Rows, missing: type[Problem]) -> Record:
    found = (await (await session.connection()).execute(statement)).first()
    if found is None:
        raise missing()
    return found


async def get_institution(
    session: AsyncSession, terms: AnswerTerms, institution_id: UUID, as_of: date | None
) -> Answer:
    """One institution, as it is or as it was on a day."""
    rows = _CURRENT if as_of is None else _THEN
    statement = select(json_object(_wire(rows, InstitutionRead)), rows.c.version).where(rows.c.id == institution_id)
    found = await _one(session, statement.params(as_of=as_of), InstitutionNotFound)
    return tagged(found[0], etag(institution_id, found[1]), terms)


async def lock_institution(session: AsyncSession, institution_id: UUID) -> Record:
    """The record of an institution, held until the transaction ends."""
    statement = select(_CURRENT).where(_CURRENT.c.id == institution_id).with_for_update()
    return await _one(session, statement, InstitutionNotFound)


async def list_functions(
    session: AsyncSession, terms: AnswerTerms, institution_id: UUID, query: FunctionList
) -> Answer:
    """A page of an institution's functions, the present and the past ones."""
    await _one(session, select(literal_column("1")).where(_CURRENT.c.id == institution_id), InstitutionNotFound)
    found = select(_FUNCTIONS).where(_FUNCTIONS.c.institution_id == institution_id)
    if query.kind:
        found = found.where(_FUNCTIONS.c.kind == query.kind)
    if query.as_of:
        still = func.coalesce(_FUNCTIONS.c.held_to > query.as_of, True)
        found = found.where(_FUNCTIONS.c.held_from <= query.as_of, still)
    sortable = {name: _FUNCTIONS.c[name] for name in ("held_from", "kind")}
    return await page(session, terms, query, Listing(FUNCTION_WIRE, sortable, "-held_from", _FUNCTIONS.c.id), found)


async def list_functions_from(session: AsyncSession, institution_id: UUID, day: date) -> Sequence[Record]:
    """Kind and mode of the functions that an institution holds on a day or is to hold later."""
    still = func.coalesce(_FUNCTIONS.c.held_to > day, True)
    held = select(_FUNCTIONS.c.kind, _FUNCTIONS.c.mode).where(_FUNCTIONS.c.institution_id == institution_id, still)
    return (await (await session.connection()).execute(held)).all()


async def lock_function(session: AsyncSession, institution_id: UUID, function_id: UUID) -> Record:
    """One function of an institution, held until the transaction ends."""
    of_this = (_FUNCTIONS.c.id == function_id) & (_FUNCTIONS.c.institution_id == institution_id)
    return await _one(session, select(_FUNCTIONS).where(of_this).with_for_update(), FunctionNotFound)


async def function_is_held(session: AsyncSession, county: str, kind: str, start: date, end: date | None) -> bool:
    """Whether any institution holds the function for the county at some time from `start` until before `end`.

    Holds a lock on this function of this county, so that two cannot be given at once.
    """
    connection = await session.connection()
    await connection.execute(_LOCK, {"name": f"institution_functions {county} {kind}"})
    held = _FUNCTIONS.c
    overlapping: Rows = select(literal_column("1")).where(
        held.county_terc == county, held.kind == kind, func.coalesce(held.held_to > start, True)
    )
    if end is not None:
        overlapping = overlapping.where(held.held_from < end)
    return (await connection.execute(overlapping.limit(1))).first() is not None
