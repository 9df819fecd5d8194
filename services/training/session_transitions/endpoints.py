"""Transitions of /sessions."""

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change
from services.training.demands import CanEditSessions, CanRecordAttendance
from services.training.problems import (
    MakeUpNotPossible,
    ModuleMinutesExceeded,
    SessionBegun,
    SessionConflict,
    SessionNotFound,
    SessionNotOver,
)
from services.training.session_transitions import actions
from services.training.sessions.schemas import SessionCancel, SessionMove, SessionRead

router = slice_router(prefix="/sessions/{session_id}", tags=["sessions"])
_CHANGE = (SessionNotFound, StateConflict, PreconditionRequired, VersionMismatch)
# A move has the same checks as a new session, and so the same refusals.
_PLANNING = (
    UnknownReference,
    SessionConflict,
    ModuleMinutesExceeded,
    MakeUpNotPossible,
)


@router.post(
    "/move",
    responses=answers(SessionRead, *_CHANGE, SessionBegun, *_PLANNING),
)
async def move_session(
    caller: CanEditSessions,
    change: Change,
    session_id: Id,
    to: SessionMove,
    if_match: IfMatch = None,
) -> Answer:
    """Move a session that has not begun: change its time, place or trainers."""
    version = expected_version(if_match, session_id)
    session = await actions.move_session(change, session_id, to, version, clock.now())
    return stored_answer(session)


@router.post("/cancel", responses=answers(SessionRead, *_CHANGE))
async def cancel_session(
    caller: CanEditSessions,
    change: Change,
    session_id: Id,
    cancelling: SessionCancel,
    if_match: IfMatch = None,
) -> Answer:
    """Cancel a planned session, with the reason. It stays in lists and calendars."""
    version = expected_version(if_match, session_id)
    return stored_answer(
        await actions.cancel_session(change, session_id, cancelling.reason, version)
    )


@router.post("/hold", responses=answers(SessionRead, *_CHANGE, SessionNotOver))
async def hold_session(
    # The right to record attendance includes this.
    caller: CanRecordAttendance,
    change: Change,
    session_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Mark a session as held, once it is over: from now on its hours count."""
    version = expected_version(if_match, session_id)
    session = await actions.hold_session(change, session_id, version, clock.now())
    return stored_answer(session)
