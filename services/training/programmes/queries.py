"""Every query of programmes, which every signed-in caller may read."""

from uuid import UUID

from sqlalchemy import bindparam, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import ItemPage, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.training.problems import TrainingProgrammeNotFound
from services.training.programmes.models import Programme
from services.training.programmes.schemas import (
    TrainingProgrammeList,
    TrainingProgrammeRead,
)

PROGRAMMES = rows_of(Programme)
_WIRE = {name: PROGRAMMES.c[name] for name in TrainingProgrammeRead.model_fields}
_SORTABLE = {name: PROGRAMMES.c[name] for name in ("code", "starts_on", "changed_at")}
_LISTING = Listing(_WIRE, _SORTABLE, "code", PROGRAMMES.c.id)
_LIST = Filtered(
    _LISTING, PROGRAMMES, {"enrolment_rule": Filter(PROGRAMMES.c.enrolment_rule)}
)
STORED = stored_columns(_WIRE, PROGRAMMES.c.id, PROGRAMMES.c.version)


async def list_programmes(
    reading: Reading, terms: ListTerms, query: TrainingProgrammeList
) -> ItemPage:
    """A page of programmes."""
    listed = narrowed(_LIST, {"enrolment_rule": query.enrolment_rule})
    return await page_of(reading, terms, query, listed)


_ONE: Rows = select(*STORED).where(PROGRAMMES.c.code == bindparam("key"))


async def get_programme(reading: Reading, code: str) -> Stored:
    """One programme."""
    return await reading.stored(_ONE, TrainingProgrammeNotFound, {"key": code})


async def get_programme_id(reading: Reading, code: str) -> UUID:
    """The id of a programme, which never changes."""
    programme_id = await find_programme_id(reading, code)
    if programme_id is None:
        raise TrainingProgrammeNotFound()
    return programme_id


async def find_programme_id(reading: Reading, code: str) -> UUID | None:
    """The id of a programme by code; None where there is none."""
    statement = select(PROGRAMMES.c.id).where(PROGRAMMES.c.code == code)
    row = await reading.find(statement)
    return None if row is None else row.id


async def lock_programme(change: Change, code: str) -> Programme:
    """A programme, locked until the transaction ends."""
    # The lock under which versions are numbered and agreed.
    statement = select(PROGRAMMES).where(PROGRAMMES.c.code == code).with_for_update()
    return await change.instance(Programme, statement, TrainingProgrammeNotFound)
