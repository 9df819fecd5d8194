"""Every question asked of the functions of institutions."""

from datetime import date
from uuid import UUID

from sqlalchemy import FromClause, func, select, text

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.institution_functions.schemas import FunctionList, FunctionRead
from services.registry.institutions.models import Institution, InstitutionFunction
from services.registry.problems import FunctionNotFound, InstitutionNotFound

_INSTITUTIONS: FromClause = rows_of(Institution)
_FUNCTIONS: FromClause = rows_of(InstitutionFunction)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")

_WIRE = {name: _FUNCTIONS.c[name] for name in FunctionRead.model_fields}
_LISTING = Listing(
    _WIRE,
    {name: _FUNCTIONS.c[name] for name in ("held_from", "kind")},
    "-held_from",
    _FUNCTIONS.c.id,
)
STORED = stored_columns(_WIRE, _FUNCTIONS.c.id, _FUNCTIONS.c.version)


async def list_functions(
    reading: Reading, terms: ListTerms, institution_id: UUID, query: FunctionList
) -> ItemPage:
    """A page of an institution's functions, the present and the past ones."""
    statement = select(_INSTITUTIONS.c.id).where(_INSTITUTIONS.c.id == institution_id)
    await reading.one(statement, InstitutionNotFound)
    functions = select(_FUNCTIONS).where(_FUNCTIONS.c.institution_id == institution_id)
    if query.kind:
        functions = functions.where(_FUNCTIONS.c.kind == query.kind)
    if query.as_of:
        has_not_ended = func.coalesce(_FUNCTIONS.c.held_to > query.as_of, True)
        functions = functions.where(
            _FUNCTIONS.c.held_from <= query.as_of, has_not_ended
        )
    return await page_of(reading, terms, query, Listed(_LISTING, functions))


async def get_function(
    reading: Reading, institution_id: UUID, function_id: UUID
) -> Stored:
    """One function of an institution."""
    of_institution = _FUNCTIONS.c.institution_id == institution_id
    statement = select(*STORED).where(_FUNCTIONS.c.id == function_id, of_institution)
    return await reading.stored(statement, FunctionNotFound)


async def lock_function(
    change: Change, institution_id: UUID, function_id: UUID
) -> InstitutionFunction:
    """One function of an institution, locked until the transaction ends."""
    of_institution = _FUNCTIONS.c.institution_id == institution_id
    statement = select(_FUNCTIONS).where(_FUNCTIONS.c.id == function_id, of_institution)
    return await change.instance(
        InstitutionFunction, statement.with_for_update(), FunctionNotFound
    )


async def lock_function_of_county(change: Change, county: str, kind: str) -> None:
    """Keep others from giving this function for this county until the transaction ends."""
    # While no institution holds the function there is no row, so a name is locked.
    await change.scalar(_LOCK, {"name": f"institution_functions {county} {kind}"})


async def function_is_held(
    reading: Reading, county: str, kind: str, start: date, end: date | None
) -> bool:
    """Whether any institution holds the function for the county from `start` until before `end`."""
    of_county = (_FUNCTIONS.c.county_terc == county, _FUNCTIONS.c.kind == kind)
    # On the day of the end the function is free: the next holder may begin on it.
    ends_later = func.coalesce(_FUNCTIONS.c.held_to > start, True)
    overlapping = select(_FUNCTIONS.c.id).where(*of_county, ends_later)
    if end is not None:
        overlapping = overlapping.where(_FUNCTIONS.c.held_from < end)
    return await reading.find(overlapping.limit(1)) is not None
