"""/plans/{plan_id}/goals."""

from fastapi import Response

from services.casework.demands import CanEditPlans, CanReadPlans
from services.casework.plan_goals import actions, queries
from services.casework.plan_goals.schemas import GoalCreate, GoalRead, GoalUpdate
from services.casework.plans.queries import get_plan
from services.casework.problems import (
    GoalInUse,
    GoalNotFound,
    PlanNotFound,
    ProcessingRestricted,
)
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
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

router = slice_router(prefix="/plans/{plan_id}/goals", tags=["plans"])
_CHANGE = (
    PlanNotFound,
    GoalNotFound,
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
        GoalRead, PlanNotFound, Erased, ProcessingRestricted, StateConflict, status=201
    ),
)
async def add_goal(
    caller: CanEditPlans, change: Change, plan_id: Id, new: GoalCreate
) -> Answer:
    """Add a goal to a draft: for whom it is, its indicator, and a description of each
    of the five levels.

    Goal attainment scaling (Kiresuk and Sherman 1968): 0 is what is expected, -2 much
    less, +2 much more.
    """
    goal = await actions.add_goal(change, plan_id, new)
    return created_answer(goal, f"/v1/casework/plans/{plan_id}/goals/{goal.key}")


@router.get(
    "/{goal_id}", responses=answers(GoalRead, PlanNotFound, GoalNotFound, Erased)
)
async def get_goal(
    caller: CanReadPlans, reading: Audited, terms: Terms, plan_id: Id, goal_id: Id
) -> Answer:
    """One goal of a version. The access is written to the audit log."""
    plan = await get_plan(reading, plan_id)
    goal = await queries.get_goal(reading, plan_id, goal_id)
    subject = Subject(f"plans/{plan_id}/goals/{goal_id}", county=plan.county_terc)
    record_read(reading, "get_goal", subject, [plan.person_id], Category.PLAN)
    return stored_answer(await queries.get_shown(reading, goal), terms)


# A goal has its own ETag: two people may work on two goals of a draft at once.
@router.patch("/{goal_id}", responses=answers(GoalRead, *_CHANGE))
async def amend_goal(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    goal_id: Id,
    patch: GoalUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft's goal by a merge patch."""
    version = expected_version(if_match, goal_id)
    return stored_answer(
        await actions.amend_goal(change, plan_id, goal_id, patch, version)
    )


# GoalInUse comes from the foreign key of recommendations, so no check is needed here.
@router.delete("/{goal_id}", status_code=204, responses=problems(*_CHANGE, GoalInUse))
async def remove_goal(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    goal_id: Id,
    if_match: IfMatch = None,
) -> Response:
    """Remove a goal from a draft. Recommendations that refer to it must be changed or
    removed first.
    """
    version = expected_version(if_match, goal_id)
    await actions.remove_goal(change, plan_id, goal_id, version)
    return Response(status_code=204)
