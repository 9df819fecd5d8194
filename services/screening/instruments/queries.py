"""Every SELECT on instruments and their versions."""

import json
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Text, bindparam, cast, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
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
VERSIONS_OF_INSTRUMENTS = VERSIONS.join(
    INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id
)
SCHEMA = json.dumps(definition_schema(), ensure_ascii=False)
# Far more versions than are in use at once: it bounds the memory of
# a long-running process.
MOST_CACHED_PLANS = 200
_PLANS: dict[UUID, Plan] = {}


def _instrument_wire() -> dict[str, ColumnElement[Any]]:
    """The columns of `InstrumentRead`, two of them computed from other rows."""
    newest = select(func.max(VERSIONS.c.number)).where(
        VERSIONS.c.instrument_id == INSTRUMENTS.c.id,
        VERSIONS.c.state == VersionState.PUBLISHED,
    )
    later = INSTRUMENTS.alias("later")
    successors = select(
        func.coalesce(func.json_agg(later.c.code), func.json_build_array())
    ).where(later.c.supersedes == INSTRUMENTS.c.code)
    computed_columns = {
        "published_version": newest.scalar_subquery(),
        "superseded_by": successors.scalar_subquery(),
    }
    return {
        name: computed_columns[name]
        if name in computed_columns
        else INSTRUMENTS.c[name]
        for name in InstrumentRead.model_fields
    }


def _version_wire() -> dict[str, ColumnElement[Any]]:
    computed_columns = {
        "instrument": INSTRUMENTS.c.code,
        "title": VERSIONS.c.definition["title"],
    }
    return {
        name: computed_columns[name] if name in computed_columns else VERSIONS.c[name]
        for name in InstrumentVersionEntry.model_fields
    }


_WIRE = _instrument_wire()
_STORED = stored_columns(_WIRE, INSTRUMENTS.c.id, INSTRUMENTS.c.version)
_LISTING = Listing(
    _WIRE,
    {"code": INSTRUMENTS.c.code, "family": INSTRUMENTS.c.family},
    "code",
    INSTRUMENTS.c.id,
)
_LIST = Filtered(
    _LISTING,
    INSTRUMENTS,
    {name: Filter(INSTRUMENTS.c[name]) for name in ("family", "purpose")},
)
_VERSION_WIRE = _version_wire()
_STORED_VERSION = stored_columns(_VERSION_WIRE, VERSIONS.c.id, VERSIONS.c.version)
_VERSION_LISTING = Listing(
    _VERSION_WIRE, {"number": VERSIONS.c.number}, "-number", VERSIONS.c.id
)


async def list_instruments(
    reading: Reading, terms: ListTerms, query: InstrumentList
) -> ItemPage:
    """A page of instruments."""
    values = {"family": query.family, "purpose": query.purpose}
    return await page_of(reading, terms, query, narrowed(_LIST, values))


_ONE: Rows = select(*_STORED).where(INSTRUMENTS.c.code == bindparam("key"))


async def get_instrument(reading: Reading, code: str) -> Stored:
    """One instrument."""
    return await reading.stored(_ONE, InstrumentNotFound, {"key": code})


async def lock_instrument(change: Change, code: str) -> Instrument:
    """An instrument, locked until the transaction ends."""
    instrument = await find_instrument(change, code)
    if instrument is None:
        raise InstrumentNotFound()
    return instrument


async def find_instrument(change: Change, code: str) -> Instrument | None:
    """An instrument, if there is one, locked until the transaction ends."""
    statement = select(INSTRUMENTS).where(INSTRUMENTS.c.code == code).with_for_update()
    row = await change.find(statement)
    return None if row is None else Instrument(**row._mapping)


async def find_last_number(reading: Reading, instrument_id: UUID) -> int:
    """The number of an instrument's last version; 0 without any."""
    statement = select(func.coalesce(func.max(VERSIONS.c.number), 0)).where(
        VERSIONS.c.instrument_id == instrument_id
    )
    return int(await reading.scalar(statement) or 0)


async def list_instrument_versions(
    reading: Reading, terms: ListTerms, code: str, query: InstrumentVersionList
) -> ItemPage:
    """A page of an instrument's versions, without their definitions."""
    instrument = await reading.one(
        select(INSTRUMENTS.c.id).where(INSTRUMENTS.c.code == code), InstrumentNotFound
    )
    versions: Rows = select(VERSIONS_OF_INSTRUMENTS)
    versions = versions.where(VERSIONS.c.instrument_id == instrument.id)
    if query.state:
        versions = versions.where(VERSIONS.c.state.in_(query.state))
    return await page_of(reading, terms, query, Listed(_VERSION_LISTING, versions))


def is_version(code: str, number: int) -> ColumnElement[bool]:
    """The condition that picks one version from `VERSIONS_OF_INSTRUMENTS`."""
    return (INSTRUMENTS.c.code == code) & (VERSIONS.c.number == number)


async def get_instrument_version(reading: Reading, code: str, number: int) -> Stored:
    """One version with the part of its definition that its licence allows to be shown."""
    statement = (
        select(*_STORED_VERSION, cast(VERSIONS.c.definition, Text).label("definition"))
        .select_from(VERSIONS_OF_INSTRUMENTS)
        .where(is_version(code, number))
    )
    row = await reading.one(statement, InstrumentVersionNotFound)
    definition = json.dumps(
        public_definition(json.loads(row.definition)),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    # Joined as text: the definition, the larger part, is already serialised.
    body = f'{row.body.removesuffix("}")}, "definition":{definition}}}'
    return Stored(row.key, row.version, body)


async def get_version_id(reading: Reading, code: str, number: int) -> UUID:
    """The id of a version, which never changes."""
    statement = (
        select(VERSIONS.c.id)
        .select_from(VERSIONS_OF_INSTRUMENTS)
        .where(is_version(code, number))
    )
    version_id: UUID = (await reading.one(statement, InstrumentVersionNotFound)).id
    return version_id


class LockedVersion(NamedTuple):
    """A version that nobody else can change until the transaction ends.

    `code` is the code of its instrument.
    """

    id: UUID
    version: int
    number: int
    state: str
    code: str


async def lock_version(change: Change, code: str, number: int) -> LockedVersion:
    """A version, locked until the transaction ends.

    Changes of its norm sets take this lock, too.
    """
    statement = (
        select(
            VERSIONS.c.id,
            VERSIONS.c.version,
            VERSIONS.c.number,
            VERSIONS.c.state,
            INSTRUMENTS.c.code,
        )
        .select_from(VERSIONS_OF_INSTRUMENTS)
        .where(is_version(code, number))
        # Only the version is locked: drafting the next version locks the instrument and
        # need not wait for this one.
        .with_for_update(of=VERSIONS)
    )
    return LockedVersion(*await change.one(statement, InstrumentVersionNotFound))


async def get_definition(reading: Reading, version_id: UUID) -> Definition:
    """The whole definition of a version, with its licensed texts.

    It is for scoring only and must never be part of an answer.
    """
    # Read as text, because otherwise the driver would parse it, and the model
    # a second time.
    statement = select(cast(VERSIONS.c.definition, Text)).where(
        VERSIONS.c.id == version_id
    )
    return Definition.model_validate_json(str(await reading.scalar(statement)))


async def get_plan(
    reading: Reading, code: str, number: int, *, or_retired: bool = False
) -> Plan:
    """The scoring plan of a published version; UnknownReference without one.

    `or_retired` allows a retired version, for screenings that were made with it.
    """
    statement = (
        select(VERSIONS.c.id, VERSIONS.c.state)
        .select_from(VERSIONS_OF_INSTRUMENTS)
        .where(is_version(code, number))
    )
    row = await reading.find(statement)
    version_id, state = (None, None) if row is None else row
    return await get_plan_of_version(reading, version_id, state, or_retired=or_retired)


async def get_plan_of_version(
    reading: Reading,
    version_id: UUID | None,
    state: str | None,
    *,
    or_retired: bool = False,
) -> Plan:
    """The scoring plan of a version whose id and state the caller has read.

    Both are None if there is no such version; then UnknownReference is raised.
    """
    usable = {VersionState.PUBLISHED}
    if or_retired:
        usable.add(VersionState.RETIRED)
    if version_id is None or state not in usable:
        raise UnknownReference(
            FieldError("pointer", "/instrument_version", "not_found")
        )
    return _PLANS.get(version_id) or await _compile_plan(reading, version_id)


async def _compile_plan(reading: Reading, version_id: UUID) -> Plan:
    # A published definition never changes, so its plan is valid as long as
    # the process runs.
    plan = compile_plan(await get_definition(reading, version_id))
    if len(_PLANS) >= MOST_CACHED_PLANS:
        _PLANS.clear()
    _PLANS[version_id] = plan
    return plan
