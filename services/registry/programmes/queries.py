"""Every question asked of the programmes."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.problems import ProgrammeNotFound
from services.registry.processes.models import Process
from services.registry.processes.queries import label_of
from services.registry.programmes.models import Programme
from services.registry.programmes.schemas import ProgrammeRead

PROGRAMMES: FromClause = rows_of(Programme)
_PROCESSES: FromClause = rows_of(Process)

_WIRE: dict[str, ColumnElement[Any]] = {
    name: label_of(PROGRAMMES) if name == "label" else PROGRAMMES.c[name]
    for name in ProgrammeRead.model_fields
}
_LISTING = Listing(_WIRE, {"code": PROGRAMMES.c.code}, "code", PROGRAMMES.c.code)
# The key of an ETag has no capitals.
STORED = stored_columns(_WIRE, func.lower(PROGRAMMES.c.code), PROGRAMMES.c.version)


# Built once: the compiled statement of a page is cached by the select it is made from.
_ALL: Rows = select(PROGRAMMES)


async def list_programmes(
    reading: Reading, terms: ListTerms, query: ListQuery
) -> ItemPage:
    """A page of programmes."""
    return await page_of(reading, terms, query, Listed(_LISTING, _ALL, {}))


_ONE: Rows = select(*STORED).where(PROGRAMMES.c.code == bindparam("key"))


async def get_programme(reading: Reading, code: str) -> Stored:
    """One programme."""
    return await reading.stored(_ONE, ProgrammeNotFound, {"key": code})


async def get_programme_facts(reading: Reading, code: str) -> Programme:
    """The record of a programme."""
    statement = select(PROGRAMMES).where(PROGRAMMES.c.code == code)
    return await reading.instance(Programme, statement, ProgrammeNotFound)


async def lock_programme(change: Change, code: str) -> Programme:
    """The record of a programme, locked until the transaction ends."""
    statement = select(PROGRAMMES).where(PROGRAMMES.c.code == code).with_for_update()
    return await change.instance(Programme, statement, ProgrammeNotFound)


async def require_process(reading: Reading, code: str) -> None:
    """UnknownReference unless there is such a process."""
    statement = select(_PROCESSES.c.code).where(_PROCESSES.c.code == code)
    if await reading.scalar(statement) is None:
        raise UnknownReference(FieldError("pointer", "/process_code", "not_found"))
