"""Every question asked of the instruments and their versions."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Text, cast, func, select

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.pages import Listing
from services.chassis.paging import page
from services.chassis.problems import FieldError, Problem, UnknownReference
from services.chassis.tables import rows_of
from services.chassis.wire import json_object
from services.chassis.work import Reading, Record, Rows
from services.screening.instruments.models import Instrument, InstrumentVersion
from services.screening.instruments.rules.definitions import (
    Definition,
    definition_schema,
)
from services.screening.instruments.rules.licences import public_definition
from services.screening.instruments.rules.plans import Plan, compile_plan
from services.screening.instruments.rules.states import VersionState
from services.screening.instruments.schemas import (
    InstrumentList,
    InstrumentRead,
    InstrumentVersionEntry,
    InstrumentVersionList,
)
from services.screening.problems import InstrumentNotFound, InstrumentVersionNotFound

INSTRUMENTS: FromClause = rows_of(Instrument)
VERSIONS: FromClause = rows_of(InstrumentVersion)
_JOINED = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
MOST_KEPT_PLANS = 200
_PLANS: dict[UUID, Plan] = {}


def _instrument_wire() -> dict[str, ColumnElement[Any]]:
    newest = select(func.max(VERSIONS.c.number)).where(
        VERSIONS.c.instrument_id == INSTRUMENTS.c.id,
        VERSIONS.c.state == VersionState.PUBLISHED,
    )
    later = INSTRUMENTS.alias("later")
    followers = select(
        func.coalesce(func.json_agg(later.c.code), func.json_build_array())
    ).where(later.c.supersedes == INSTRUMENTS.c.code)
    asked = {
        "published_version": newest.scalar_subquery(),
        "superseded_by": followers.scalar_subquery(),
    }
    return {
        name: asked[name] if name in asked else INSTRUMENTS.c[name]
        for name in InstrumentRead.model_fields
    }


def _version_wire() -> dict[str, ColumnElement[Any]]:
    elsewhere = {
        "instrument": INSTRUMENTS.c.code,
        "title": VERSIONS.c.definition["title"],
    }
    names = InstrumentVersionEntry.model_fields
    return {
        name: elsewhere[name] if name in elsewhere else VERSIONS.c[name]
        for name in names
    }


WIRE = _instrument_wire()
VERSION_WIRE = _version_wire()
_LISTING = Listing(
    WIRE,
    {"code": INSTRUMENTS.c.code, "family": INSTRUMENTS.c.family},
    "code",
    INSTRUMENTS.c.id,
)
_VERSION_LISTING = Listing(
    VERSION_WIRE, {"number": VERSIONS.c.number}, "-number", VERSIONS.c.id
)
SCHEMA = json.dumps(definition_schema(), ensure_ascii=False)


async def _one(reading: Reading, statement: Rows, missing: type[Problem]) -> Record:
    found = await reading.find(statement)
    if found is None:
        raise missing()
    return found


async def list_instruments(
    reading: Reading, terms: AnswerTerms, query: InstrumentList
) -> Answer:
    """A page of instruments."""
    found: Rows = select(INSTRUMENTS)
    for name in ("family", "purpose"):
        if getattr(query, name) is not None:
            found = found.where(INSTRUMENTS.c[name] == getattr(query, name))
    return await page(reading, terms, query, _LISTING, found)


async def get_instrument(
    reading: Reading, terms: AnswerTerms | None, code: str
) -> Answer:
    """One instrument."""
    statement = select(
        json_object(WIRE), INSTRUMENTS.c.id, INSTRUMENTS.c.version
    ).where(INSTRUMENTS.c.code == code)
    found = await _one(reading, statement, InstrumentNotFound)
    return tagged(found[0], etag(found.id, found.version), terms)


async def lock_instrument(reading: Reading, code: str) -> Record:
    """The record of an instrument, held until the transaction ends."""
    return await _one(
        reading,
        select(INSTRUMENTS).where(INSTRUMENTS.c.code == code).with_for_update(),
        InstrumentNotFound,
    )


async def find_instrument(reading: Reading, code: str) -> Record | None:
    """The record of an instrument, if there is one, held until the transaction ends."""
    statement = select(INSTRUMENTS).where(INSTRUMENTS.c.code == code).with_for_update()
    return await reading.find(statement)


async def find_last_number(reading: Reading, instrument_id: UUID) -> int:
    """The number of an instrument's last version; 0 without any."""
    statement = select(func.coalesce(func.max(VERSIONS.c.number), 0)).where(
        VERSIONS.c.instrument_id == instrument_id
    )
    return int(await reading.scalar(statement) or 0)


async def list_instrument_versions(
    reading: Reading, terms: AnswerTerms, code: str, query: InstrumentVersionList
) -> Answer:
    """A page of an instrument's versions, without their definitions."""
    instrument = await _one(
        reading,
        select(INSTRUMENTS.c.id).where(INSTRUMENTS.c.code == code),
        InstrumentNotFound,
    )
    found: Rows = select(_JOINED).where(VERSIONS.c.instrument_id == instrument.id)
    if query.state:
        found = found.where(VERSIONS.c.state.in_(query.state))
    return await page(reading, terms, query, _VERSION_LISTING, found)


def _of(code: str, number: int) -> ColumnElement[bool]:
    return (INSTRUMENTS.c.code == code) & (VERSIONS.c.number == number)


async def get_instrument_version(
    reading: Reading, terms: AnswerTerms | None, code: str, number: int
) -> Answer:
    """One version with its definition, as far as its licence lets it out."""
    shown = (
        json_object(VERSION_WIRE),
        cast(VERSIONS.c.definition, Text),
        VERSIONS.c.id,
        VERSIONS.c.version,
    )
    statement = select(*shown).select_from(_JOINED).where(_of(code, number))
    found = await _one(reading, statement, InstrumentVersionNotFound)
    definition = json.dumps(
        public_definition(json.loads(found[1])),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return tagged(
        f'{found[0][:-1]}, "definition":{definition}}}',
        etag(found.id, found.version),
        terms,
    )


async def lock_version(reading: Reading, code: str, number: int) -> Record:
    """A version (id, version, number, state, instrument code), held until the transaction ends."""
    columns = (
        VERSIONS.c.id,
        VERSIONS.c.version,
        VERSIONS.c.number,
        VERSIONS.c.state,
        INSTRUMENTS.c.code,
    )
    statement = (
        select(*columns)
        .select_from(_JOINED)
        .where(_of(code, number))
        .with_for_update(of=VERSIONS)
    )
    return await _one(reading, statement, InstrumentVersionNotFound)


async def get_definition(reading: Reading, version_id: UUID) -> Definition:
    """The whole definition of a version, for the engine; it is never shown."""
    statement = select(cast(VERSIONS.c.definition, Text)).where(
        VERSIONS.c.id == version_id
    )
    return Definition.model_validate_json(str(await reading.scalar(statement)))


async def get_plan(
    reading: Reading, code: str, number: int, *, or_retired: bool = False
) -> Plan:
    """The scoring plan of a published version; UnknownReference without one. Compiled once per process and version.

    Retired versions only serve what was collected with them: `or_retired`.
    """
    statement = (
        select(VERSIONS.c.id, VERSIONS.c.state)
        .select_from(_JOINED)
        .where(_of(code, number))
    )
    found = await reading.find(statement)
    version_id, state = (None, None) if found is None else found
    return await get_plan_of_version(reading, version_id, state, or_retired=or_retired)


async def get_plan_of_version(
    reading: Reading,
    version_id: UUID | None,
    state: str | None,
    *,
    or_retired: bool = False,
) -> Plan:
    """The scoring plan of a version that was found, if any was, in that state."""
    usable = (
        {VersionState.PUBLISHED, VersionState.RETIRED}
        if or_retired
        else {VersionState.PUBLISHED}
    )
    if version_id is None or state not in usable:
        raise UnknownReference(
            FieldError("pointer", "/instrument_version", "not_found")
        )
    plan = _PLANS.get(version_id)
    if plan is None:
        if len(_PLANS) >= MOST_KEPT_PLANS:
            _PLANS.clear()
        plan = _PLANS[version_id] = compile_plan(
            await get_definition(reading, version_id)
        )
    return plan
