"""Every question asked of the norm sets."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Text, cast, select

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.pages import Listing
from services.chassis.paging import page
from services.chassis.problems import Problem
from services.chassis.tables import rows_of
from services.chassis.wire import json_object
from services.chassis.work import Reading, Record, Rows
from services.screening.instruments.queries import INSTRUMENTS, VERSIONS
from services.screening.instruments.rules.norms import (
    NormDocument,
    Norms,
    compile_norms,
)
from services.screening.norm_sets.models import NormSet
from services.screening.norm_sets.rules import NormSetState
from services.screening.norm_sets.schemas import NormSetEntry, NormSetList, NormSetRead
from services.screening.problems import InstrumentVersionNotFound, NormSetNotFound

NORM_SETS: FromClause = rows_of(NormSet)
_JOINED = NORM_SETS.join(
    VERSIONS, NORM_SETS.c.instrument_version_id == VERSIONS.c.id
).join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
MOST_KEPT_NORMS = 200
_NORMS: dict[UUID, Norms] = {}


def _wire(read: type[Any]) -> dict[str, ColumnElement[Any]]:
    elsewhere = {
        "instrument": INSTRUMENTS.c.code,
        "instrument_version": VERSIONS.c.number,
        "title": NORM_SETS.c.document["title"],
    }
    return {
        name: elsewhere[name] if name in elsewhere else NORM_SETS.c[name]
        for name in read.model_fields
    }


WIRE = _wire(NormSetRead)
_LISTING = Listing(
    _wire(NormSetEntry), {"code": NORM_SETS.c.code}, "code", NORM_SETS.c.id
)


def _of(code: str, number: int) -> ColumnElement[bool]:
    return (INSTRUMENTS.c.code == code) & (VERSIONS.c.number == number)


async def _one(reading: Reading, statement: Rows, missing: type[Problem]) -> Record:
    found = await reading.find(statement)
    if found is None:
        raise missing()
    return found


async def require_version(reading: Reading, code: str, number: int) -> Record:
    """The id of an instrument version."""
    joined = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
    statement = select(VERSIONS.c.id).select_from(joined).where(_of(code, number))
    return await _one(reading, statement, InstrumentVersionNotFound)


async def lock_version(reading: Reading, code: str, number: int) -> Record:
    """Id and state of an instrument version, held until the transaction ends: its norm sets change one at a time."""
    joined = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
    statement = (
        select(VERSIONS.c.id, VERSIONS.c.state)
        .select_from(joined)
        .where(_of(code, number))
        .with_for_update(of=VERSIONS)
    )
    return await _one(reading, statement, InstrumentVersionNotFound)


async def list_norm_sets(
    reading: Reading, terms: AnswerTerms, code: str, number: int, query: NormSetList
) -> Answer:
    """A page of the norm sets of an instrument version."""
    version = await require_version(reading, code, number)
    found: Rows = select(_JOINED).where(NORM_SETS.c.instrument_version_id == version.id)
    if query.state:
        found = found.where(NORM_SETS.c.state.in_(query.state))
    return await page(reading, terms, query, _LISTING, found)


async def get_norm_set(
    reading: Reading,
    terms: AnswerTerms | None,
    code: str,
    number: int,
    norm_set_id: UUID,
) -> Answer:
    """One norm set."""
    shown = (json_object(WIRE), NORM_SETS.c.version)
    statement = (
        select(*shown)
        .select_from(_JOINED)
        .where(_of(code, number), NORM_SETS.c.id == norm_set_id)
    )
    found = await _one(reading, statement, NormSetNotFound)
    return tagged(found[0], etag(norm_set_id, found.version), terms)


async def lock_norm_set(
    reading: Reading, code: str, number: int, norm_set_id: UUID
) -> Record:
    """The record of a norm set, held until the transaction ends."""
    columns = (
        NORM_SETS.c.id,
        NORM_SETS.c.version,
        NORM_SETS.c.state,
        NORM_SETS.c.instrument_version_id,
    )
    text = cast(NORM_SETS.c.document, Text).label("text")
    statement = (
        select(*columns, text)
        .select_from(_JOINED)
        .where(_of(code, number), NORM_SETS.c.id == norm_set_id)
    )
    return await _one(reading, statement.with_for_update(of=NORM_SETS), NormSetNotFound)


async def find_norm_set_id(reading: Reading, code: str, number: int) -> UUID | None:
    """The id of the norm set in force for an instrument version."""
    in_force = _of(code, number) & (NORM_SETS.c.state == NormSetState.IN_FORCE)
    found: UUID | None = await reading.scalar(
        select(NORM_SETS.c.id).select_from(_JOINED).where(in_force)
    )
    return found


async def find_norms(reading: Reading, code: str, number: int) -> Norms | None:
    """The norms in force for an instrument version, compiled once per process."""
    norm_set_id = await find_norm_set_id(reading, code, number)
    return None if norm_set_id is None else await get_norms(reading, norm_set_id)


async def get_norms(reading: Reading, norm_set_id: UUID) -> Norms:
    """A norm set, compiled. Only those that never change again are kept."""
    kept = _NORMS.get(norm_set_id)
    if kept is not None:
        return kept
    statement: Rows = select(
        NORM_SETS.c.code,
        NORM_SETS.c.state,
        cast(NORM_SETS.c.document, Text).label("text"),
    )
    found = await _one(
        reading, statement.where(NORM_SETS.c.id == norm_set_id), NormSetNotFound
    )
    norms = compile_norms(NormDocument.model_validate_json(found.text), found.code)
    if found.state != NormSetState.DRAFT:
        if len(_NORMS) >= MOST_KEPT_NORMS:
            _NORMS.clear()
        _NORMS[norm_set_id] = norms
    return norms
