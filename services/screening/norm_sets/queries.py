"""Every SELECT on norm sets."""

from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, FromClause, Text, cast, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.screening.instruments.queries import (
    INSTRUMENTS,
    VERSIONS,
    VERSIONS_OF_INSTRUMENTS,
    get_version_id,
    is_version,
)
from services.screening.instruments.rules.norms import (
    NormDocument,
    Norms,
    compile_norms,
)
from services.screening.norm_sets.models import NormSet
from services.screening.norm_sets.rules import NormSetState
from services.screening.norm_sets.schemas import NormSetEntry, NormSetList, NormSetRead
from services.screening.problems import NormSetNotFound

NORM_SETS: FromClause = rows_of(NormSet)
_NORM_SETS_OF_VERSIONS = VERSIONS_OF_INSTRUMENTS.join(
    NORM_SETS, NORM_SETS.c.instrument_version_id == VERSIONS.c.id
)
MOST_CACHED_NORMS = 200
_NORMS: dict[UUID, Norms] = {}


def _wire(read_model: type[BaseModel]) -> dict[str, ColumnElement[Any]]:
    computed_columns = {
        "instrument": INSTRUMENTS.c.code,
        "instrument_version": VERSIONS.c.number,
        "title": NORM_SETS.c.document["title"],
    }
    return {
        name: computed_columns[name] if name in computed_columns else NORM_SETS.c[name]
        for name in read_model.model_fields
    }


_STORED = stored_columns(_wire(NormSetRead), NORM_SETS.c.id, NORM_SETS.c.version)
_LISTING = Listing(
    _wire(NormSetEntry), {"code": NORM_SETS.c.code}, "code", NORM_SETS.c.id
)


async def list_norm_sets(
    reading: Reading, terms: ListTerms, code: str, number: int, query: NormSetList
) -> ItemPage:
    """A page of the norm sets of an instrument version."""
    version_id = await get_version_id(reading, code, number)
    norm_sets: Rows = select(_NORM_SETS_OF_VERSIONS)
    norm_sets = norm_sets.where(NORM_SETS.c.instrument_version_id == version_id)
    if query.state:
        norm_sets = norm_sets.where(NORM_SETS.c.state.in_(query.state))
    return await page_of(reading, terms, query, Listed(_LISTING, norm_sets))


async def get_norm_set(
    reading: Reading, code: str, number: int, norm_set_id: UUID
) -> Stored:
    """One norm set."""
    statement = (
        select(*_STORED)
        .select_from(_NORM_SETS_OF_VERSIONS)
        .where(is_version(code, number), NORM_SETS.c.id == norm_set_id)
    )
    return await reading.stored(statement, NormSetNotFound)


class LockedNormSet(NamedTuple):
    """A norm set that nobody else can change until the transaction ends.

    `document` is its JSON.
    """

    version: int
    state: str
    document: str


async def lock_norm_set(
    change: Change, code: str, number: int, norm_set_id: UUID
) -> LockedNormSet:
    """A norm set, locked until the transaction ends."""
    document = cast(NORM_SETS.c.document, Text)
    statement = (
        select(NORM_SETS.c.version, NORM_SETS.c.state, document)
        .select_from(_NORM_SETS_OF_VERSIONS)
        .where(is_version(code, number), NORM_SETS.c.id == norm_set_id)
        # The instrument version is already locked: every action locks it first.
        .with_for_update(of=NORM_SETS)
    )
    return LockedNormSet(*await change.one(statement, NormSetNotFound))


async def find_norm_set_id(reading: Reading, code: str, number: int) -> UUID | None:
    """The id of the norm set in force for an instrument version."""
    statement = (
        select(NORM_SETS.c.id)
        .select_from(_NORM_SETS_OF_VERSIONS)
        .where(is_version(code, number), NORM_SETS.c.state == NormSetState.IN_FORCE)
    )
    norm_set_id: UUID | None = await reading.scalar(statement)
    return norm_set_id


async def find_norms(reading: Reading, code: str, number: int) -> Norms | None:
    """The norms in force for an instrument version."""
    norm_set_id = await find_norm_set_id(reading, code, number)
    return None if norm_set_id is None else await get_norms(reading, norm_set_id)


async def get_norms(reading: Reading, norm_set_id: UUID) -> Norms:
    """A compiled norm set; NormSetNotFound if there is none with this id."""
    return _NORMS.get(norm_set_id) or await _compile_norms(reading, norm_set_id)


async def _compile_norms(reading: Reading, norm_set_id: UUID) -> Norms:
    document = cast(NORM_SETS.c.document, Text).label("document")
    statement = select(NORM_SETS.c.code, NORM_SETS.c.state, document)
    row = await reading.one(
        statement.where(NORM_SETS.c.id == norm_set_id), NormSetNotFound
    )
    norms = compile_norms(NormDocument.model_validate_json(row.document), row.code)
    # Drafts are not cached: they may change. A norm set that was once in
    # force never does.
    if row.state != NormSetState.DRAFT:
        if len(_NORMS) >= MOST_CACHED_NORMS:
            _NORMS.clear()
        _NORMS[norm_set_id] = norms
    return norms
