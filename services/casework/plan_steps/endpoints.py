"""/plans/{plan_id}/steps."""

from fastapi import Response

from services.casework.demands import CanEditPlans, CanReadPlans
from services.casework.plan_steps import actions, queries
from services.casework.plan_steps.schemas import (
    StepCreate,
    StepDone,
    StepRead,
    StepSkip,
    StepUpdate,
)
from services.casework.plans.queries import get_plan
from services.casework.problems import (
    PlanNotFound,
    PlanStepNotFound,
    ProcessingRestricted,
)
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
    refuse,
)
from services.chassis.ground.responses import answers, problems
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Audited, Change

router = slice_router(prefix="/plans/{plan_id}/steps", tags=["plans"])
_CHANGE = (
    PlanNotFound,
    PlanStepNotFound,
    Erased,
    ProcessingRestricted,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.post(
    "",
    status_code=201,
    responses=answers(
        StepRead, PlanNotFound, Erased, ProcessingRestricted, StateConflict, status=201
    ),
)
async def add_plan_step(
    caller: CanEditPlans, change: Change, plan_id: Id, new: StepCreate
) -> Answer:
    """Add a step to a draft: what happens, when and where, who does it,
    and a telephone number.
    """
    step = await actions.add_step(change, plan_id, new)
    return created_answer(step, f"/v1/casework/plans/{plan_id}/steps/{step.key}")


@router.get(
    "/{step_id}", responses=answers(StepRead, PlanNotFound, PlanStepNotFound, Erased)
)
async def get_plan_step(
    caller: CanReadPlans, reading: Audited, terms: Terms, plan_id: Id, step_id: Id
) -> Answer:
    """One step of a version. The access is written to the audit log."""
    plan = await get_plan(reading, plan_id)
    step = await queries.get_step(reading, plan_id, step_id)
    subject = Subject(f"plans/{plan_id}/steps/{step_id}", county=plan.county_terc)
    record_read(reading, "get_plan_step", subject, [plan.person_id], Category.PLAN)
    return stored_answer(await queries.get_shown(reading, step), terms)


@router.patch("/{step_id}", responses=answers(StepRead, *_CHANGE))
async def amend_plan_step(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    step_id: Id,
    patch: StepUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft's step by a merge patch. A step with a day set by hand no longer
    moves with the plan's start.
    """
    version = expected_version(if_match, step_id)
    return stored_answer(
        await actions.amend_step(change, plan_id, step_id, patch, version)
    )


@router.delete("/{step_id}", status_code=204, responses=problems(*_CHANGE))
async def remove_plan_step(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    step_id: Id,
    if_match: IfMatch = None,
) -> Response:
    """Remove a step from a draft."""
    version = expected_version(if_match, step_id)
    await actions.remove_step(change, plan_id, step_id, version)
    return Response(status_code=204)


@router.post("/{step_id}/complete", responses=answers(StepRead, *_CHANGE))
async def complete_plan_step(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    step_id: Id,
    done: StepDone,
    if_match: IfMatch = None,
) -> Answer:
    """Record that a step of the active plan was done, and when."""
    version = expected_version(if_match, step_id)
    # Checked here, because actions do not read the clock.
    if done.done_on > clock.today():
        refuse(("done_on", "in_future"))
    step = await actions.complete_step(change, plan_id, step_id, done.done_on, version)
    return stored_answer(step)


# Skipped and not removed, because the family knows the agreed steps.
@router.post("/{step_id}/skip", responses=answers(StepRead, *_CHANGE))
async def skip_plan_step(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    step_id: Id,
    skip: StepSkip,
    if_match: IfMatch = None,
) -> Answer:
    """Record that a step of the active plan is not done, with the reason."""
    version = expected_version(if_match, step_id)
    step = await actions.skip_step(change, plan_id, step_id, skip.reason, version)
    return stored_answer(step)
