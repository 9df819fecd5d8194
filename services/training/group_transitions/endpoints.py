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

    Its seats go to applicants, preferred ones first; the rest wait.
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

    Accepted people attend; waiting people are rejected with `no_seat_left`. The group
    needs a trainer, an accepted trainee and complete teams. The refusal names
    everything that is missing.
    """
    version = expected_version(if_match, group_id)
    return stored_answer(
        await actions.start_group(change, group_id, version, clock.now())
    )


@router.post("/complete", responses=answers(GroupRead, *_CHANGE, GroupNotReady))
async def complete_group(
    caller: CanMoveGroups, change: Change, group_id: Id, if_match: IfMatch = None
) -> Answer:
    """Complete a running group that has no planned session left."""
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
    """Cancel a group, with a reason.

    Everybody in it is withdrawn, and may enter another group.
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
    # An endpoint and no field of the patch: people move up with the capacity.
    size: GroupResize,
    if_match: IfMatch = None,
) -> Answer:
    """Change the number of seats before the group starts.

    As many people move up as seats become free.
    """
    # If-Match as for every change of the group.
    version, now = expected_version(if_match, group_id), clock.now()
    return stored_answer(
        await actions.resize_group(change, group_id, size.capacity, version, now)
    )
