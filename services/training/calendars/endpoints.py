"""/calendars, /calendars/{secret}.ics for the programs that read them, and
/groups/{id}/sessions.ics.
"""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.chassis.calendars.addresses import get_address, list_addresses
from services.chassis.calendars.answers import calendar_answer, calendar_answers
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id, Line
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import ListQuery, Page, page_of
from services.chassis.web.units import Change, Reading
from services.training.calendars import actions, queries
from services.training.calendars.schemas import (
    CalendarQuery,
    SessionCalendarCreate,
    SessionCalendarCreated,
    SessionCalendarRead,
)
from services.training.demands import CanReadSessions
from services.training.problems import CalendarNotFound, GroupNotFound

router = slice_router(prefix="", tags=["calendars"])
_CALENDARS = "/calendars"
_ONE = _CALENDARS + "/{calendar_id}"


# Before `/{calendar_id}`, whose pattern matches this path as well.
@router.get(
    _CALENDARS + "/{secret}.ics",
    response_class=Response,
    responses=calendar_answers(CalendarNotFound),
)
async def read_session_calendar(
    # A transaction although it reads: the audit record is committed before the answer.
    change: Change,
    request: Request,
    secret: Annotated[Line, Path(description="the secret of the calendar's address")],
) -> Response:
    """Sessions as iCalendar, in Polish time: when, where, what, and of which group.
    Nobody is named.

    A session keeps its UID; SEQUENCE rises with every change, and a session that does
    not take place is CANCELLED. For thirty days a session is CANCELLED as well for a
    person who lost the seat, and for a trainer or a room that was taken out of it. A
    revoked address gives the same answer as one that never existed.
    """
    # Without a caller: programs have no token, and the secret takes its place.
    body = await actions.read_calendar(change, secret, clock.now())
    return calendar_answer(request, body)


@router.get(
    "/groups/{group_id}/sessions.ics",
    response_class=Response,
    responses=calendar_answers(GroupNotFound),
)
async def get_group_calendar(
    caller: CanReadSessions,
    reading: Reading,
    request: Request,
    group_id: Id,
    query: Annotated[CalendarQuery, Query()],
) -> Response:
    """A group's sessions as iCalendar, for a client with a token; programs without one
    use a secret address.
    """
    now = clock.now()
    body = await actions.group_calendar(reading, group_id, query.language, now)
    return calendar_answer(request, body)


@router.post(
    _CALENDARS,
    status_code=201,
    responses=answers(SessionCalendarCreated, UnknownReference, status=201),
)
async def create_session_calendar(
    caller: CanReadSessions, change: Change, new: SessionCalendarCreate
) -> Answer:
    """Make a secret address for a group's sessions, for those in a room, or for those
    that the caller attends or gives. The address is only shown in this answer.
    """
    calendar = await actions.create_calendar(change, new)
    return created_answer(calendar, f"/v1/training/calendars/{calendar.key}")


@router.get(_CALENDARS, responses=answers(Page[SessionCalendarRead]))
async def list_session_calendars(
    caller: CanReadSessions,
    reading: Reading,
    terms: Terms,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The caller's own calendars, without their addresses."""
    listed = list_addresses(reading, queries.CALENDARS)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.get(_ONE, responses=answers(SessionCalendarRead, CalendarNotFound))
async def get_session_calendar(
    caller: CanReadSessions, reading: Reading, terms: Terms, calendar_id: Id
) -> Answer:
    """One of the caller's own calendars, without its address."""
    calendar = await get_address(reading, queries.CALENDARS, calendar_id)
    return stored_answer(calendar, terms)


@router.post(
    _ONE + "/revoke",
    responses=answers(
        SessionCalendarRead,
        CalendarNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def revoke_session_calendar(
    caller: CanReadSessions, change: Change, calendar_id: Id, if_match: IfMatch = None
) -> Answer:
    """Revoke one of the caller's calendars: its address is not found from now on."""
    # Own calendars alone: another person's is not found, whatever its version.
    version = expected_version(if_match, calendar_id)
    return stored_answer(await actions.revoke_calendar(change, calendar_id, version))
