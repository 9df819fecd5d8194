"""/plans/{plan_id}/recommendations."""

from uuid import UUID

from fastapi import Response

from services.casework.demands import CanEditPlans, CanReadPlans
from services.casework.plan_recommendations import actions, queries
from services.casework.plan_recommendations.actions import Move
from services.casework.plan_recommendations.schemas import (
    RecommendationCreate,
    RecommendationEffect,
    RecommendationEnd,
    RecommendationRead,
    RecommendationUpdate,
)
from services.casework.plans.queries import get_plan
from services.casework.plans.rules.recommendations import RecommendationVerb
from services.casework.problems import (
    GoalNotFound,
    PlanNotFound,
    ProcessingRestricted,
    RecommendationNotFound,
)
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
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

router = slice_router(prefix="/plans/{plan_id}/recommendations", tags=["plans"])
_CHANGE = (
    PlanNotFound,
    RecommendationNotFound,
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
        RecommendationRead,
        PlanNotFound,
        GoalNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        status=201,
    ),
)
async def add_recommendation(
    caller: CanEditPlans, change: Change, plan_id: Id, new: RecommendationCreate
) -> Answer:
    """Add a recommendation to a draft: what is to be done, by which sector and
    institution, and by when.
    """
    recommendation = await actions.add_recommendation(change, plan_id, new)
    location = f"/v1/casework/plans/{plan_id}/recommendations/{recommendation.key}"
    return created_answer(recommendation, location)


@router.get(
    "/{recommendation_id}",
    responses=answers(RecommendationRead, PlanNotFound, RecommendationNotFound, Erased),
)
async def get_recommendation(
    caller: CanReadPlans,
    reading: Audited,
    terms: Terms,
    plan_id: Id,
    recommendation_id: Id,
) -> Answer:
    """One recommendation of a version. The access is written to the audit log."""
    plan = await get_plan(reading, plan_id)
    recommendation = await queries.get_recommendation(
        reading, plan_id, recommendation_id
    )
    subject = Subject(
        f"plans/{plan_id}/recommendations/{recommendation_id}", county=plan.county_terc
    )
    record_read(reading, "get_recommendation", subject, [plan.person_id], Category.PLAN)
    return stored_answer(await queries.get_shown(reading, recommendation), terms)


# A recommendation has its own ETag: others of the same draft may
# be changed at the same time.
@router.patch("/{recommendation_id}", responses=answers(RecommendationRead, *_CHANGE))
async def amend_recommendation(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    recommendation_id: Id,
    patch: RecommendationUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft's recommendation by a merge patch."""
    version = expected_version(if_match, recommendation_id)
    recommendation = await actions.amend_recommendation(
        change, plan_id, recommendation_id, patch, version
    )
    return stored_answer(recommendation)


@router.delete("/{recommendation_id}", status_code=204, responses=problems(*_CHANGE))
async def remove_recommendation(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    recommendation_id: Id,
    if_match: IfMatch = None,
) -> Response:
    """Remove a recommendation from a draft."""
    version = expected_version(if_match, recommendation_id)
    await actions.remove_recommendation(change, plan_id, recommendation_id, version)
    return Response(status_code=204)


async def _move(
    change: Change, plan_id: UUID, recommendation_id: UUID, move: Move
) -> Answer:
    recommendation = await actions.move_recommendation(
        change, plan_id, recommendation_id, move, clock.now()
    )
    return stored_answer(recommendation)


@router.post(
    # A path for each verb; the state determines which verbs are allowed.
    "/{recommendation_id}/accept",
    responses=answers(RecommendationRead, *_CHANGE),
)
async def accept_recommendation(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    recommendation_id: Id,
    # Every verb accepts a note. Other fields that do not belong
    # to the verb are refused.
    end: RecommendationEnd,
    if_match: IfMatch = None,
) -> Answer:
    """Record that those who are responsible for it accept the recommendation."""
    version = expected_version(if_match, recommendation_id)
    move = Move(RecommendationVerb.ACCEPT, end, version)
    return await _move(change, plan_id, recommendation_id, move)


@router.post(
    "/{recommendation_id}/start", responses=answers(RecommendationRead, *_CHANGE)
)
async def start_recommendation(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    recommendation_id: Id,
    end: RecommendationEnd,
    if_match: IfMatch = None,
) -> Answer:
    """Record that the work on an accepted recommendation has begun."""
    version = expected_version(if_match, recommendation_id)
    move = Move(RecommendationVerb.START, end, version)
    return await _move(change, plan_id, recommendation_id, move)


@router.post(
    "/{recommendation_id}/complete", responses=answers(RecommendationRead, *_CHANGE)
)
async def complete_recommendation(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    recommendation_id: Id,
    end: RecommendationEnd,
    if_match: IfMatch = None,
) -> Answer:
    """Record that the recommendation was carried out, with its effect if it is known."""
    version = expected_version(if_match, recommendation_id)
    move = Move(RecommendationVerb.COMPLETE, end, version)
    return await _move(change, plan_id, recommendation_id, move)


@router.post(
    # Ended with a reason and never deleted, because reports count these reasons.
    "/{recommendation_id}/give-up",
    responses=answers(RecommendationRead, *_CHANGE),
)
async def give_recommendation_up(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    recommendation_id: Id,
    end: RecommendationEnd,
    if_match: IfMatch = None,
) -> Answer:
    """Record that the recommendation will not be carried out, with the reason."""
    version = expected_version(if_match, recommendation_id)
    move = Move(RecommendationVerb.GIVE_UP, end, version)
    return await _move(change, plan_id, recommendation_id, move)


@router.post(
    # Separate from completion, because the effect shows after weeks or months.
    "/{recommendation_id}/tell-effect",
    responses=answers(RecommendationRead, *_CHANGE),
)
async def tell_recommendation_effect(
    caller: CanEditPlans,
    change: Change,
    plan_id: Id,
    recommendation_id: Id,
    effect: RecommendationEffect,
    if_match: IfMatch = None,
) -> Answer:
    """Record or change the effect of a completed recommendation, also after its version
    has ended.
    """
    version = expected_version(if_match, recommendation_id)
    recommendation = await actions.tell_effect(
        change, plan_id, recommendation_id, effect, version
    )
    return stored_answer(recommendation)
