"""Transitions of /groups."""

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
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change
from services.training.demands import CanMoveGroups
from services.training.group_transitions import actions
from services.training.group_transitions.schemas import GroupCancel, GroupResize
from services.training.groups.schemas import GroupRead
from services.training.problems import (
    GroupNotFound,
    GroupNotReady,
    ProgrammeNotAgreed,
)

router = slice_router(prefix="/groups/{group_id}", tags=["groups"])
_CHANGE = (
    GroupNotFound,
    OutsideScope,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.post("/open", responses=answers(GroupRead, *_CHANGE, ProgrammeNotAgreed))
async def open_group(
    caller: CanMoveGroups, change: Change, group_id: Id, if_match: IfMatch = None
) -> Answer:
    """Open a planned group.

    Its seats go to those who have applied, the preferred first; the others wait.
    """
    version = expected_version(if_match, group_id)
    return stored_answer(
        await actions.open_group(change, group_id, version, clock.now())
    )


@router.post("/start", responses=answers(GroupRead, *_CHANGE, GroupNotReady))
async def start_group(
    caller: CanMoveGroups, change: Change, group_id: Id, if_match: IfMatch = None
) -> Answer:
    """Start an open group from its first day on.

    Who is accepted attends, and who waits is told that no seat is left. It needs a
    trainer, somebody accepted, and teams that are complete. The refusal names all that
    is missing.
    """
    version = expected_version(if_match, group_id)
    return stored_answer(
        await actions.start_group(change, group_id, version, clock.now())
    )


@router.post("/complete", responses=answers(GroupRead, *_CHANGE, GroupNotReady))
async def complete_group(
    caller: CanMoveGroups, change: Change, group_id: Id, if_match: IfMatch = None
) -> Answer:
    """End a running group none of whose sessions is still to come."""
    version = expected_version(if_match, group_id)
    return stored_answer(
        await actions.complete_group(change, group_id, version, clock.now())
    )


@router.post("/cancel", responses=answers(GroupRead, *_CHANGE))
async def cancel_group(
    caller: CanMoveGroups,
    change: Change,
    group_id: Id,
    end: GroupCancel,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Cancel a group for a reason.

    Whoever is in it leaves it, and may enter another.
    """
    version, now = expected_version(if_match, group_id), clock.now()
    return stored_answer(
        await actions.cancel_group(change, group_id, end.reason, version, now)
    )


@router.post("/resize", responses=answers(GroupRead, *_CHANGE))
async def resize_group(
    caller: CanMoveGroups,
    change: Change,
    group_id: Id,
    # A verb and no field of the patch: with the capacity people move up.
    size: GroupResize,
    if_match: IfMatch = None,
) -> Answer:
    """Give a group more seats or fewer before it starts.

    As many move up as seats become free.
    """
    # Whoever resizes has seen how many seats were taken when they read.
    version, now = expected_version(if_match, group_id), clock.now()
    return stored_answer(
        await actions.resize_group(change, group_id, size.capacity, version, now)
    )
