"""/plans: versions, whole."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import (
    CanActivatePlans,
    CanEditPlans,
    CanReadPlans,
)
from services.casework.plan_versions import actions, queries
from services.casework.plan_versions.schemas import (
    PlanCreate,
    PlanDifference,
    PlanWhole,
)
from services.casework.plans.queries import get_plan as find_plan
from services.casework.plans.queries import list_plans as listed_plans
from services.casework.plans.schemas import PlanList, PlanSummary, PlanUpdate
from services.casework.problems import (
    CaseNotFound,
    PathwayNotFound,
    PlanAlreadyDrafted,
    PlanNotFound,
    PlanNotReady,
    ProcessingRestricted,
)
from services.casework.reads import Category, Look, read_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

# Nothing is opened for a list: the texts of a plan are read one plan at a time.
_LOOK = Look("list_plans", "plans", Category.PLAN)
router = slice_router(prefix="/plans", tags=["plans"])
_CHANGE = (
    PlanNotFound,
    Erased,
    ProcessingRestricted,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get("", responses=answers(Page[PlanSummary]))
async def list_plans(
    caller: CanReadPlans,
    reading: Audited,
    terms: Terms,
    query: Annotated[PlanList, Query()],
) -> Answer:
    """Versions of plans within the caller's reach, the last changed first. A guardian
    is shown no drafts.
    """
    listed = listed_plans(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        PlanWhole,
        CaseNotFound,
        PathwayNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        PlanAlreadyDrafted,
        status=201,
    ),
)
async def draft_plan(caller: CanEditPlans, change: Change, new: PlanCreate) -> Answer:
    """Draft the next version of a case's plan.

    Goals, open recommendations and planned steps of the version before are carried
    over. With `pathway_id` the steps of a published pathway are added, each on its day;
    they move with the plan's start.
    """
    plan = await actions.draft_plan(change, new)
    return created_answer(plan, f"/v1/casework/plans/{plan.key}")


@router.get("/{plan_id}", responses=answers(PlanWhole, PlanNotFound, Erased))
async def get_plan(
    caller: CanReadPlans, reading: Audited, terms: Terms, plan_id: Id
) -> Answer:
    """One version with all its parts: goals, recommendations, steps, reviews,
    approvals, and what is missing for its next state.
    """
    # No 304: the parts can change without a new version of the plan.
    return stored_answer(await queries.get_noted_whole(reading, plan_id))


@router.patch("/{plan_id}", responses=answers(PlanWhole, *_CHANGE))
async def amend_plan(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    patch: PlanUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft by a merge patch. When the start moves, steps of a pathway move with it."""
    # The ETag of the plan version: goals and steps have their own ETags.
    version = expected_version(if_match, plan_id)
    return stored_answer(await actions.amend_plan(change, plan_id, patch, version))


@router.post("/{plan_id}/propose", responses=answers(PlanWhole, *_CHANGE, PlanNotReady))
async def propose_plan(
    caller: CanEditPlans, change: Change, plan_id: Id, if_match: IfMatch = None
) -> Answer:
    """Propose a draft to the guardian and the team. It needs a recommendation, and a
    goal for the family.
    """
    version = expected_version(if_match, plan_id)
    return stored_answer(await actions.propose_plan(change, plan_id, version))


# Another permission than for approving: the county activates what others have approved.
@router.post("/{plan_id}/activate", responses=answers(PlanWhole, *_CHANGE))
async def activate_plan(
    caller: CanActivatePlans, change: Change, plan_id: Id, if_match: IfMatch = None
) -> Answer:
    """Activate an approved version. The version that was active becomes superseded."""
    version = expected_version(if_match, plan_id)
    plan = await actions.activate_plan(change, plan_id, version, clock.now())
    return stored_answer(plan)


@router.post("/{plan_id}/complete", responses=answers(PlanWhole, *_CHANGE))
async def complete_plan(
    caller: CanActivatePlans, change: Change, plan_id: Id, if_match: IfMatch = None
) -> Answer:
    """Complete an active version."""
    version = expected_version(if_match, plan_id)
    return stored_answer(await actions.complete_plan(change, plan_id, version))


@router.get(
    "/{plan_id}/differences/{earlier_id}",
    responses=answers(PlanDifference, PlanNotFound, Erased, StateConflict),
)
async def get_plan_difference(
    caller: CanReadPlans, reading: Audited, plan_id: Id, earlier_id: Id
) -> Answer:
    """The differences between an earlier version of the same case and this one: goals,
    recommendations and steps that were added, removed or changed, field by field.
    """
    plan = await find_plan(reading, plan_id)
    earlier = await actions.require_same_case(reading, plan, earlier_id)
    path = f"plans/{plan_id}/differences/{earlier_id}"
    subject = Subject(path, county=plan.county_terc)
    # Both versions belong to one case, and so to one child.
    people = [plan.person_id]
    record_read(reading, "get_plan_difference", subject, people, Category.PLAN)
    difference = await queries.get_difference(reading, earlier, plan)
    return Answer(difference.model_dump_json())
