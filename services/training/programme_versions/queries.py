"""Every query of versions of programmes."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import ColumnElement, Table, Text, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.training.problems import ProgrammeVersionNotFound
from services.training.programme_versions.models import (
    LearningOutcome,
    ModuleTopic,
    ProgrammeModule,
    ProgrammeVersion,
)
from services.training.programme_versions.schemas import (
    ModuleRead,
    OutcomeRead,
    ProgrammeVersionEntry,
    ProgrammeVersionList,
    TopicRead,
)
from services.training.programmes.queries import (
    PROGRAMMES,
    get_programme_id,
    lock_programme,
)

VERSIONS = rows_of(ProgrammeVersion)
MODULES = rows_of(ProgrammeModule)
_TOPICS, _OUTCOMES = rows_of(ModuleTopic), rows_of(LearningOutcome)
OF_PROGRAMMES = VERSIONS.join(PROGRAMMES, PROGRAMMES.c.id == VERSIONS.c.programme_id)
# Built once, since building an adapter is slow.
_MODULE_LIST = TypeAdapter(list[ModuleRead])


def _array(
    table: Table,
    model: type[BaseModel],
    order: ColumnElement[Any],
    condition: ColumnElement[bool],
    **parts: ColumnElement[Any],
) -> ColumnElement[Any]:
    """The rows that meet the condition, as a sorted JSON array."""
    pairs: list[Any] = []
    for name in model.model_fields:
        pairs += [name, parts[name] if name in parts else table.c[name]]
    rows = func.json_agg(aggregate_order_by(func.json_build_object(*pairs), order))
    # Without rows `json_agg` returns NULL.
    none = func.json_build_array()
    return select(func.coalesce(rows, none)).where(condition).scalar_subquery()


def _modules() -> ColumnElement[Any]:
    """The modules of a version with topics and outcomes, as a JSON array."""
    of_module = _TOPICS.c.module_id == MODULES.c.id
    topics = _array(_TOPICS, TopicRead, _TOPICS.c.number, of_module)
    # Outcomes have no number; their ids rise in the order of insertion.
    of_module = _OUTCOMES.c.module_id == MODULES.c.id
    outcomes = _array(_OUTCOMES, OutcomeRead, _OUTCOMES.c.id, of_module)
    of_version = MODULES.c.version_id == VERSIONS.c.id
    parts = {"topics": topics, "outcomes": outcomes}
    return _array(MODULES, ModuleRead, MODULES.c.number, of_version, **parts)


def _totals() -> ColumnElement[Any]:
    def parts(table: Table) -> ColumnElement[Any]:
        of_module = table.c.module_id == MODULES.c.id
        number = select(func.count()).select_from(table).where(of_module)
        return func.coalesce(func.sum(number.scalar_subquery()), 0)

    # Counted separately: test-specific modules are not used outside it (source 002).
    specific = func.count().filter(MODULES.c.is_test_specific)
    counts = {
        "modules": func.count(),
        "test_specific_modules": specific,
        "topics": parts(_TOPICS),
        "outcomes": parts(_OUTCOMES),
        "minutes": func.coalesce(func.sum(MODULES.c.minutes), 0),
    }
    pairs = [part for pair in counts.items() for part in pair]
    totals = select(func.json_build_object(*pairs)).select_from(MODULES)
    return totals.where(MODULES.c.version_id == VERSIONS.c.id).scalar_subquery()


# Counted at reading: a stored count could differ from its rows.
_COMPUTED = {"programme": PROGRAMMES.c.code, "totals": _totals()}
_ENTRY: dict[str, ColumnElement[Any]] = {
    name: _COMPUTED[name] if name in _COMPUTED else VERSIONS.c[name]
    for name in ProgrammeVersionEntry.model_fields
}
# In one statement: between two, a draft could be replaced.
_WHOLE = _ENTRY | {"modules": _modules()}
_LISTING = Listing(_ENTRY, {"number": VERSIONS.c.number}, "-number", VERSIONS.c.id)
_STORED = stored_columns(_WHOLE, VERSIONS.c.id, VERSIONS.c.version)


def is_version(code: str, number: int) -> ColumnElement[bool]:
    """The condition for one version in `OF_PROGRAMMES`."""
    return (PROGRAMMES.c.code == code) & (VERSIONS.c.number == number)


async def list_versions(
    reading: Reading, terms: ListTerms, code: str, query: ProgrammeVersionList
) -> ItemPage:
    """A page of a programme's versions, without their content."""
    programme_id = await get_programme_id(reading, code)
    # Joined with the programme, whose code each entry shows.
    versions: Rows = select(OF_PROGRAMMES)
    versions = versions.where(VERSIONS.c.programme_id == programme_id)
    if query.state:
        versions = versions.where(VERSIONS.c.state.in_(query.state))
    return await page_of(reading, terms, query, Listed(_LISTING, versions))


async def get_version(reading: Reading, code: str, number: int) -> Stored:
    """One version with its content."""
    statement = select(*_STORED).select_from(OF_PROGRAMMES)
    by_number = statement.where(is_version(code, number))
    return await reading.stored(by_number, ProgrammeVersionNotFound)


async def get_version_id(reading: Reading, code: str, number: int) -> UUID:
    """The id of a version, which never changes."""
    statement = select(VERSIONS.c.id).select_from(OF_PROGRAMMES)
    by_number = statement.where(is_version(code, number))
    row = await reading.one(by_number, ProgrammeVersionNotFound)
    version_id: UUID = row.id
    return version_id


async def lock_version(change: Change, code: str, number: int) -> ProgrammeVersion:
    """A version, locked after its programme until the transaction ends."""
    # The programme first: an agreement changes two of its versions.
    programme = await lock_programme(change, code)
    of_programme = VERSIONS.c.programme_id == programme.id
    statement = select(VERSIONS).where(of_programme, VERSIONS.c.number == number)
    locking = statement.with_for_update()
    return await change.instance(ProgrammeVersion, locking, ProgrammeVersionNotFound)


async def get_modules(reading: Reading, version_id: UUID) -> list[ModuleRead]:
    """The modules of a version, in order."""
    # As text: otherwise the driver would parse the JSON before the model does.
    statement = select(cast(_modules(), Text)).where(VERSIONS.c.id == version_id)
    return _MODULE_LIST.validate_json(str(await reading.scalar(statement)))


async def find_last_number(reading: Reading, programme_id: UUID) -> int:
    """The number of a programme's last version; 0 without any."""
    # Versions are never deleted, so that no number is used twice.
    newest = func.coalesce(func.max(VERSIONS.c.number), 0)
    statement = select(newest).where(VERSIONS.c.programme_id == programme_id)
    return int(await reading.scalar(statement) or 0)
