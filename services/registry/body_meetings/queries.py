"""Every question asked of the meetings of bodies."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, case, literal_column, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.bodies.queries import require_body
from services.registry.body_meetings.models import IS_PLANNED, BodyMeeting
from services.registry.body_meetings.rules import MeetingKind, MeetingState
from services.registry.body_meetings.schemas import MeetingList, MeetingRead
from services.registry.problems import MeetingNotFound

MEETINGS: FromClause = rows_of(BodyMeeting)
_IS_CANCELLED = MEETINGS.c.cancelling_reason.is_not(None)
_STATE: ColumnElement[str] = case(
    (IS_PLANNED, literal_column("'planned'")),
    (_IS_CANCELLED, literal_column("'cancelled'")),
    else_=literal_column("'held'"),
)


def meeting_wire(today: date) -> dict[str, ColumnElement[Any]]:
    """A meeting as it is shown on that day."""
    computed: dict[str, ColumnElement[Any]] = {
        "state": _STATE,
        "is_overdue": and_(IS_PLANNED, MEETINGS.c.planned_on < today),
    }
    return {
        name: computed[name] if name in computed else MEETINGS.c[name]
        for name in MeetingRead.model_fields
    }


# A meeting that was held or cancelled is never overdue.
STORED_SETTLED = stored_columns(
    meeting_wire(date.max), MEETINGS.c.id, MEETINGS.c.version
)


async def list_meetings(
    reading: Reading, terms: ListTerms, body_id: UUID, query: MeetingList, today: date
) -> ItemPage:
    """A page of a body's meetings, the earliest first."""
    await require_body(reading, body_id)
    wire = meeting_wire(today)
    meetings = select(MEETINGS).where(MEETINGS.c.body_id == body_id)
    if query.state:
        meetings = meetings.where(_STATE.in_(query.state))
    if query.overdue is not None:
        meetings = meetings.where(wire["is_overdue"].is_(query.overdue))
    sortable = {"planned_on": MEETINGS.c.planned_on}
    listing = Listing(wire, sortable, "planned_on", MEETINGS.c.id)
    return await page_of(reading, terms, query, Listed(listing, meetings))


async def get_meeting(
    reading: Reading, body_id: UUID, meeting_id: UUID, today: date
) -> Stored:
    """One meeting of a body, with its state of today."""
    of_body = (MEETINGS.c.id == meeting_id) & (MEETINGS.c.body_id == body_id)
    wire = meeting_wire(today)
    columns = stored_columns(wire, MEETINGS.c.id, MEETINGS.c.version)
    return await reading.stored(select(*columns).where(of_body), MeetingNotFound)


class LockedMeeting(NamedTuple):
    """The version and the state of a locked meeting."""

    version: int
    state: MeetingState


async def lock_meeting(
    change: Change, body_id: UUID, meeting_id: UUID
) -> LockedMeeting:
    """A meeting of a body, locked until the transaction ends."""
    of_body = (MEETINGS.c.id == meeting_id) & (MEETINGS.c.body_id == body_id)
    statement = select(MEETINGS.c.version, _STATE).where(of_body).with_for_update()
    version, state = await change.one(statement, MeetingNotFound)
    return LockedMeeting(version, MeetingState(state))


async def list_first_meetings(reading: Reading, body_id: UUID, day: date) -> list[str]:
    """The addresses of the first meetings that a body had held by a day, the latest first."""
    columns = MEETINGS.c
    is_first = (columns.body_id == body_id) & (columns.kind == MeetingKind.FIRST)
    statement = select(columns.id).where(is_first, columns.held_on <= day)
    meetings = await reading.scalars(statement.order_by(columns.held_on.desc()))
    return [f"bodies/{body_id}/meetings/{key}" for key in meetings]


async def meeting_is_scheduled(reading: Reading, body_id: UUID) -> bool:
    """Whether a body has planned or held a meeting after its first one."""
    is_further = MEETINGS.c.kind != MeetingKind.FIRST
    is_scheduled = (MEETINGS.c.body_id == body_id) & is_further & ~_IS_CANCELLED
    statement = select(MEETINGS.c.id).where(is_scheduled).limit(1)
    return await reading.find(statement) is not None
