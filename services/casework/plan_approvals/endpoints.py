"""/plans/{plan_id}/approve and …/return."""

from services.casework.demands import CanApprovePlans
from services.casework.plan_approvals import actions
from services.casework.plan_versions.schemas import PlanApprove, PlanReturn, PlanWhole
from services.casework.problems import (
    ApproverMayNotAct,
    DoesNotActForChild,
    PlanNotFound,
    ProcessingRestricted,
)
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    Duplicate,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change

router = slice_router(prefix="/plans", tags=["plans"])
_CHANGE = (
    PlanNotFound,
    DoesNotActForChild,
    Erased,
    ProcessingRestricted,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


# With the permission to approve: returning is the other answer to a proposal.
@router.post("/{plan_id}/return", responses=answers(PlanWhole, *_CHANGE))
async def return_plan(
    caller: CanApprovePlans,
    change: Change,
    plan_id: Id,
    back: PlanReturn,
    if_match: IfMatch = None,
) -> Answer:
    """Return a proposed version to its author, with what has to change. Its approvals
    are deleted.
    """
    version = expected_version(if_match, plan_id)
    today = clock.today()
    plan = await actions.return_plan(change, plan_id, back.reason, version, today)
    return stored_answer(plan)


@router.post(
    "/{plan_id}/approve",
    # Duplicate: an account, or a person on paper, approves only once.
    responses=answers(PlanWhole, *_CHANGE, ApproverMayNotAct, Duplicate),
)
async def approve_plan(
    caller: CanApprovePlans,
    change: Change,
    plan_id: Id,
    approval: PlanApprove,
    if_match: IfMatch = None,
) -> Answer:
    """Approve a proposed version, as a guardian, as the pupil of age, or as a member of the team.

    It is approved once the guardian's side has approved, and a member of the team who
    is not its author. With `approver_id` the county's coordinator records a guardian's
    signature on paper.
    """
    version = expected_version(if_match, plan_id)
    plan = await actions.approve_plan(change, plan_id, approval, version, clock.now())
    return stored_answer(plan)
