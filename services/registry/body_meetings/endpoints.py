"""/bodies/{body_id}/meetings."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, page_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.body_meetings import actions, queries
from services.registry.body_meetings.schemas import (
    MeetingCancel,
    MeetingHold,
    MeetingList,
    MeetingPlan,
    MeetingRead,
    MeetingsRead,
)
from services.registry.demands import CanEditBodies, CanReadBodies
from services.registry.problems import BodyDissolved, BodyNotFound, MeetingNotFound

router = slice_router(prefix="/bodies/{body_id}/meetings", tags=["bodies"])
_ADD = (BodyNotFound, OutsideScope, BodyDissolved)
_SETTLE = (
    *_ADD,
    PreconditionRequired,
    VersionMismatch,
    MeetingNotFound,
    StateConflict,
)


@router.get("", responses=answers(Page[MeetingRead], BodyNotFound))
async def list_meetings(
    caller: CanReadBodies,
    reading: Reading,
    terms: Terms,
    body_id: Id,
    query: Annotated[MeetingList, Query()],
) -> Answer:
    """The schedule of a body.

    A planned meeting whose day has passed, neither held nor cancelled, is marked as overdue.
    """
    today = clock.today()
    meetings = await queries.list_meetings(reading, terms, body_id, query, today)
    return page_answer(meetings, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(MeetingsRead, *_ADD, status=201),
)
async def plan_meetings(
    caller: CanEditBodies, change: Change, body_id: Id, plan: MeetingPlan
) -> Answer:
    """Plan a meeting, or a series of them.

    A series falls on the same day of every n-th month, or on the last day of a shorter month.
    """
    meetings = await actions.plan_meetings(change, body_id, plan, clock.today())
    # There may be several new meetings, so Location names the list. PostgreSQL has made
    # their JSON: it is joined without parsing it.
    location = {"location": f"/v1/registry/bodies/{body_id}/meetings"}
    return Answer(f'{{"items":[{",".join(meetings)}]}}', 201, location)


@router.get("/{meeting_id}", responses=answers(MeetingRead, MeetingNotFound))
async def get_meeting(
    caller: CanReadBodies, reading: Reading, body_id: Id, meeting_id: Id
) -> Answer:
    """One meeting of a body."""
    today = clock.today()
    meeting = await queries.get_meeting(reading, body_id, meeting_id, today)
    # No 304: when its day has passed a meeting is overdue, without a new version.
    return stored_answer(meeting)


@router.post(
    "/{meeting_id}/hold",
    responses=answers(MeetingRead, *_SETTLE),
)
async def hold_meeting(
    caller: CanEditBodies,
    change: Change,
    body_id: Id,
    meeting_id: Id,
    hold: MeetingHold,
    if_match: IfMatch = None,
) -> Answer:
    """Record that a planned meeting took place."""
    version, today = expected_version(if_match, meeting_id), clock.today()
    meeting = await actions.hold_meeting(
        change, body_id, meeting_id, hold, version, today
    )
    return stored_answer(meeting)


@router.post(
    "/{meeting_id}/cancel",
    responses=answers(MeetingRead, *_SETTLE),
)
async def cancel_meeting(
    caller: CanEditBodies,
    change: Change,
    body_id: Id,
    meeting_id: Id,
    cancel: MeetingCancel,
    if_match: IfMatch = None,
) -> Answer:
    """Cancel a planned meeting."""
    version = expected_version(if_match, meeting_id)
    meeting = await actions.cancel_meeting(change, body_id, meeting_id, cancel, version)
    return stored_answer(meeting)
