"""/calendar-feeds, and /calendars/{secret}.ics for the programs that read them."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.casework.calendar_feeds import actions, queries
from services.casework.calendar_feeds.schemas import (
    CalendarFeedCreate,
    CalendarFeedCreated,
    CalendarFeedRead,
)
from services.casework.demands import CanReadTasks
from services.casework.problems import CalendarFeedNotFound
from services.chassis.calendars.addresses import get_address, list_addresses
from services.chassis.calendars.answers import calendar_answer, calendar_answers
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
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

router = slice_router(prefix="", tags=["calendar-feeds"])
_FEEDS = "/calendar-feeds"


@router.post(
    _FEEDS, status_code=201, responses=answers(CalendarFeedCreated, status=201)
)
async def create_calendar_feed(
    caller: CanReadTasks, change: Change, new: CalendarFeedCreate
) -> Answer:
    """Make a secret address of the caller's own tasks and dates, for a calendar
    program. The address is shown only here.

    The feed shows no more than the caller may see at the time when it is made, and less
    when a relation ends.
    """
    feed = await actions.create_feed(change, new)
    return created_answer(feed, f"/v1/casework/calendar-feeds/{feed.key}")


@router.get(_FEEDS, responses=answers(Page[CalendarFeedRead]))
async def list_calendar_feeds(
    caller: CanReadTasks,
    reading: Reading,
    terms: Terms,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The caller's own feeds, without their addresses."""
    listed = list_addresses(reading, queries.FEEDS)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.get(
    _FEEDS + "/{feed_id}", responses=answers(CalendarFeedRead, CalendarFeedNotFound)
)
async def get_calendar_feed(
    caller: CanReadTasks, reading: Reading, terms: Terms, feed_id: Id
) -> Answer:
    """One of the caller's own feeds, without its address."""
    return stored_answer(await get_address(reading, queries.FEEDS, feed_id), terms)


@router.post(
    _FEEDS + "/{feed_id}/revoke",
    responses=answers(
        CalendarFeedRead,
        CalendarFeedNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def revoke_calendar_feed(
    caller: CanReadTasks, change: Change, feed_id: Id, if_match: IfMatch = None
) -> Answer:
    """Revoke the address of one of the caller's own feeds."""
    version = expected_version(if_match, feed_id)
    return stored_answer(await actions.revoke_feed(change, feed_id, version))


@router.get(
    "/calendars/{secret}.ics",
    response_class=Response,
    responses=calendar_answers(CalendarFeedNotFound),
)
async def get_calendar(
    change: Change,
    request: Request,
    secret: Annotated[Line, Path(description="the secret of the feed's address")],
) -> Response:
    """The tasks and dates of the feed's owner as iCalendar: what is due, with only the
    kind of the task and the number of the case.

    Entries without a time are whole days; times are Polish time. An entry keeps its
    UID; SEQUENCE rises when its day changes, and an entry that is gone is CANCELLED for
    thirty days. A revoked and an unknown address get the same answer.
    """
    body = await actions.read_calendar(change, secret, clock.now())
    return calendar_answer(request, body)
