"""Every query of conferences."""

from uuid import UUID

from sqlalchemy import any_, bindparam, literal, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.conferences.models import Conference
from services.training.conferences.schemas import ConferenceList, ConferenceRead
from services.training.problems import ConferenceNotFound
from services.training.programmes.models import Programme

CONFERENCES = rows_of(Conference)
_PROGRAMMES = rows_of(Programme)
_WIRE = {name: CONFERENCES.c[name] for name in ConferenceRead.model_fields}
STORED = stored_columns(_WIRE, CONFERENCES.c.id, CONFERENCES.c.version)
_LISTING = Listing(
    _WIRE,
    {name: CONFERENCES.c[name] for name in ("starts_at", "capacity", "changed_at")},
    "-starts_at",
    CONFERENCES.c.id,
)
_FILTERS = ("programme_id", "state", "mode", "is_open_to_outsiders")


def list_conferences(query: ConferenceList) -> Listed:
    """The conferences that a list or a file shows."""
    rows: Rows = select(CONFERENCES)
    for name in _FILTERS:
        if (value := getattr(query, name)) is not None:
            values = value if isinstance(value, list) else [value]
            rows = rows.where(CONFERENCES.c[name].in_(values))
    if query.audience is not None:
        rows = rows.where(literal(query.audience) == any_(CONFERENCES.c.audience))
    if query.starts_from is not None:
        rows = rows.where(CONFERENCES.c.starts_at >= query.starts_from)
    if query.starts_to is not None:
        rows = rows.where(CONFERENCES.c.starts_at <= query.starts_to)
    return Listed(_LISTING, rows)


_ONE: Rows = select(*STORED).where(CONFERENCES.c.id == bindparam("key"))


async def get_conference(reading: Reading, conference_id: UUID) -> Stored:
    """One conference."""
    return await reading.stored(_ONE, ConferenceNotFound, {"key": conference_id})


async def get_conference_facts(reading: Reading, conference_id: UUID) -> Conference:
    """One conference, not locked; ConferenceNotFound where there is none."""
    statement = select(CONFERENCES).where(CONFERENCES.c.id == conference_id)
    return await reading.instance(Conference, statement, ConferenceNotFound)


async def lock_conference(change: Change, conference_id: UUID) -> Conference:
    """One conference, locked, so that its places are given out one by one."""
    statement = select(CONFERENCES).where(CONFERENCES.c.id == conference_id)
    return await change.instance(
        Conference, statement.with_for_update(), ConferenceNotFound
    )


async def programme_exists(reading: Reading, programme_id: UUID) -> bool:
    """Whether there is such a programme."""
    statement = select(_PROGRAMMES.c.id).where(_PROGRAMMES.c.id == programme_id)
    return await reading.find(statement) is not None
