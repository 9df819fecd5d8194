"""/sessions."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    StateConflict,
    UnknownReference,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.expand_parameter import Expand
from services.chassis.web.expanding import opened
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import (
    CanEditSessions,
    CanReadSessions,
)
from services.training.problems import (
    MakeUpNotPossible,
    ModuleMinutesExceeded,
    SessionConflict,
    SessionNotFound,
)
from services.training.sessions import actions, queries
from services.training.sessions.schemas import (
    ListedSession,
    SessionCreate,
    SessionList,
    SessionRead,
)

router = slice_router(prefix="/sessions", tags=["sessions"])
# The order of checks: own fields, module, then conflicts.
_PLANNING = (
    UnknownReference,
    SessionConflict,
    ModuleMinutesExceeded,
    MakeUpNotPossible,
)


@router.get(
    "",
    responses=answers(
        Page[ListedSession], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_sessions(
    caller: CanReadSessions,
    reading: Reading,
    request: Request,
    query: Annotated[SessionList, Query()],
) -> Response:
    """Sessions of groups and meetings of coordinators, the earliest first.

    Cancelled ones are included.
    """
    # Public, with the ids of trainers; their names are for staff.
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

    Without a group it is a meeting of coordinators of one role, in a county. The
    refusal names in `conflicts` the trainers, room, group and people that are in
    another session at that time. A session that has taken place may be entered
    afterwards.

    A make-up repeats the session in `makes_up_for_id` for people who missed it: it has
    the same group and module, is later, and has no more minutes. It takes no minutes of
    the module, and for each person the longer attendance of the two counts.
    """
    # Past days are allowed: paper lists are entered later.
    session = await actions.plan_session(change, new)
    return created_answer(session, f"/v1/training/sessions/{session.key}")


@router.get("/{session_id}", responses=answers(ListedSession, SessionNotFound))
async def get_session(
    caller: CanReadSessions,
    reading: Reading,
    terms: Terms,
    session_id: Id,
    expand: Expand = None,
) -> Answer:
    """One session."""
    session = await queries.get_session(reading, session_id)
    with_group = await opened(reading, session, expand, queries.EXPANSIONS)
    return stored_answer(with_group, None if expand else terms)
