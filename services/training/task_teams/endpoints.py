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
    # A team has no own version: each change raises the authority's.
    body = team.model_dump_json()
    return stored_answer(Stored(team.authority_id, team.version, body))


# Audited although there are no names: the answer shows what each member missed.
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
    """Add a trainee of the authority, with an account, to its team of three to four.

    They may read and write the authority's work from the next request on. If-Match is
    the authority's.
    """
    version, today = expected_version(if_match, authority_id), clock.today()
    return _answer(
        await actions.join_task_team(
            change, authority_id, new.trainee_id, version, today
        )
    )


# POST and no DELETE: former memberships stay stored.
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
    """End a membership, with the reason; another person may join. If-Match is the
    authority's.
    """
    version = expected_version(if_match, authority_id)
    return _answer(
        await actions.leave_task_team(
            change, authority_id, member_id, end.reason, version, clock.today()
        )
    )


# One adviser at a time.
@router.put("/adviser", responses=answers(TaskTeamRead, *_CHANGE))
async def appoint_adviser(
    caller: CanEditAuthorities,
    change: Change,
    authority_id: Id,
    adviser: AdviserAppoint,
    if_match: IfMatch = None,
) -> Answer:
    """Appoint the adviser of an authority. The account reads the authority's work and
    records its visits; the adviser before loses both rights.
    """
    version = expected_version(if_match, authority_id)
    return _answer(
        await actions.appoint_adviser(change, authority_id, adviser.account, version)
    )
