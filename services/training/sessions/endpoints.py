"""/sessions."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import (
    CanEditSessions,
    CanReadSessions,
    CanRecordAttendance,
)
from services.training.problems import (
    ModuleMinutesExceeded,
    SessionBegun,
    SessionConflict,
    SessionNotFound,
    SessionNotOver,
)
from services.training.sessions import actions, queries
from services.training.sessions.schemas import (
    SessionCancel,
    SessionCreate,
    SessionList,
    SessionMove,
    SessionRead,
)

router = slice_router(prefix="/sessions", tags=["sessions"])
# A move is judged as a new plan is, so both may be refused alike.
_PLANNING = (UnknownReference, SessionConflict, ModuleMinutesExceeded)
_CHANGE = (SessionNotFound, StateConflict, PreconditionRequired, VersionMismatch)


@router.get(
    "",
    responses=answers(
        Page[SessionRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_sessions(
    caller: CanReadSessions,
    reading: Reading,
    request: Request,
    query: Annotated[SessionList, Query()],
) -> Response:
    """Sessions of groups and meetings of coordinators, the earliest first; cancelled
    ones are among them.
    """
    listed = queries.list_sessions(reading, query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(SessionRead, OutsideScope, StateConflict, *_PLANNING, status=201),
)
async def plan_session(
    caller: CanEditSessions, change: Change, new: SessionCreate
) -> Answer:
    """Plan a session of a group, within its days and the minutes of a module of its
    programme version.

    Without a group it is a meeting of coordinators of one role, in a county. Trainers,
    room, group and people that are in another session at that time are named in
    `conflicts`. What has taken place may be planned afterwards.
    """
    session = await actions.plan_session(change, new)
    return created_answer(session, f"/v1/training/sessions/{session.key}")


@router.get("/{session_id}", responses=answers(SessionRead, SessionNotFound))
async def get_session(
    caller: CanReadSessions, reading: Reading, terms: Terms, session_id: Id
) -> Answer:
    """One session."""
    return stored_answer(await queries.get_session(reading, session_id), terms)


@router.post(
    "/{session_id}/move",
    responses=answers(SessionRead, *_CHANGE, SessionBegun, *_PLANNING),
)
async def move_session(
    caller: CanEditSessions,
    change: Change,
    session_id: Id,
    to: SessionMove,
    if_match: IfMatch = None,
) -> Answer:
    """Let a session that has not begun take place at another time, elsewhere or with
    other trainers.
    """
    version = expected_version(if_match, session_id)
    moved = await actions.move_session(change, session_id, to, version, clock.now())
    return stored_answer(moved)


@router.post("/{session_id}/cancel", responses=answers(SessionRead, *_CHANGE))
async def cancel_session(
    caller: CanEditSessions,
    change: Change,
    session_id: Id,
    cancelling: SessionCancel,
    if_match: IfMatch = None,
) -> Answer:
    """Let a planned session not take place. It stays in lists and calendars, with the
    reason.
    """
    version = expected_version(if_match, session_id)
    return stored_answer(
        await actions.cancel_session(change, session_id, cancelling.reason, version)
    )


@router.post(
    "/{session_id}/hold", responses=answers(SessionRead, *_CHANGE, SessionNotOver)
)
async def hold_session(
    # Whoever may record who was there may say that it took place.
    caller: CanRecordAttendance,
    change: Change,
    session_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Record that a session has taken place, once it is over: from now on its hours
    count.
    """
    version = expected_version(if_match, session_id)
    held = await actions.hold_session(change, session_id, version, clock.now())
    return stored_answer(held)
