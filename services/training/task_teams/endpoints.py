"""/authorities/{id}/task-team and /authorities/{id}/adviser."""

from services.chassis.data.work import Stored
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Audited, Change
from services.training.demands import CanEditAuthorities, CanReadAuthorityWork
from services.training.problems import (
    AlreadyInTaskTeam,
    AuthorityNotFound,
    TaskTeamFull,
    TaskTeamMemberNotFound,
)
from services.training.task_teams import actions
from services.training.task_teams.schemas import (
    AdviserAppoint,
    TaskTeamJoin,
    TaskTeamLeave,
    TaskTeamRead,
)

router = slice_router(prefix="/authorities/{authority_id}", tags=["task-teams"])
_CHANGE = (
    AuthorityNotFound,
    OutsideScope,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


def _answer(team: TaskTeamRead) -> Answer:
    """A team, with the ETag of its authority."""
    # A team has no version of its own: two changes of one are two of the authority.
    body = team.model_dump_json()
    return stored_answer(Stored(team.authority_id, team.version, body))


# Audited although nobody is named: what somebody missed is told of each of them.
@router.get("/task-team", responses=answers(TaskTeamRead, AuthorityNotFound))
async def get_task_team(
    caller: CanReadAuthorityWork, reading: Audited, authority_id: Id
) -> Answer:
    """The team of an authority, without names: who completed the training, and who
    missed which session. Its ETag is the authority's.
    """
    return _answer(await actions.read_task_team(reading, authority_id))


@router.post(
    "/task-team/members",
    responses=answers(
        TaskTeamRead,
        *_CHANGE,
        UnknownReference,
        TaskTeamFull,
        AlreadyInTaskTeam,
        Erased,
    ),
)
async def join_task_team(
    caller: CanEditAuthorities,
    change: Change,
    authority_id: Id,
    new: TaskTeamJoin,
    if_match: IfMatch = None,
) -> Answer:
    """Enter staff of the authority, with an account, into its team of three to four.

    They read and write of the authority's work from the next question on. If-Match
    names the authority.
    """
    version, today = expected_version(if_match, authority_id), clock.today()
    return _answer(
        await actions.join_task_team(
            change, authority_id, new.trainee_id, version, today
        )
    )


# A verb and no DELETE: who was in a team, from when to when, stays known.
@router.post(
    "/task-team/members/{member_id}/leave",
    responses=answers(TaskTeamRead, *_CHANGE, TaskTeamMemberNotFound, Erased),
)
async def leave_task_team(
    caller: CanEditAuthorities,
    change: Change,
    authority_id: Id,
    member_id: Id,
    end: TaskTeamLeave,
    if_match: IfMatch = None,
) -> Answer:
    """Let somebody leave a team, with the reason; another may enter. If-Match names
    the authority.
    """
    version = expected_version(if_match, authority_id)
    return _answer(
        await actions.leave_task_team(
            change, authority_id, member_id, end.reason, version, clock.today()
        )
    )


# One at a time: whose visits count has to be said without asking.
@router.put("/adviser", responses=answers(TaskTeamRead, *_CHANGE))
async def appoint_adviser(
    caller: CanEditAuthorities,
    change: Change,
    authority_id: Id,
    adviser: AdviserAppoint,
    if_match: IfMatch = None,
) -> Answer:
    """Say which account advises an authority. It reads the authority's work and
    records its visits; the one before does no more.
    """
    version = expected_version(if_match, authority_id)
    return _answer(
        await actions.appoint_adviser(change, authority_id, adviser.account, version)
    )
