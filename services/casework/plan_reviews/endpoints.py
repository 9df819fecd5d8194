"""/plans/{plan_id}/reviews."""

from pydantic_core import to_json

from services.casework.demands import CanReadPlans, CanRecordReviews
from services.casework.people.queries import get_key
from services.casework.plan_reviews import actions, queries
from services.casework.plan_reviews.schemas import ReviewCreate, ReviewRead
from services.casework.plans.queries import get_plan
from services.casework.problems import (
    PlanNotFound,
    ProcessingRestricted,
    ReviewNotFound,
)
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import StateConflict
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    stored_answer,
)
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

router = slice_router(prefix="/plans/{plan_id}/reviews", tags=["plans"])


@router.get("", responses=answers(Page[ReviewRead], PlanNotFound, Erased))
async def list_plan_reviews(
    caller: CanReadPlans, reading: Audited, plan_id: Id
) -> Answer:
    """The reviews of a version in order, on one page: each with the level of every goal
    and the score.
    """
    plan = await get_plan(reading, plan_id)
    subject = Subject(f"plans/{plan_id}/reviews", county=plan.county_terc)
    people = [plan.person_id]
    record_read(reading, "list_plan_reviews", subject, people, Category.PLAN)
    key = await get_key(reading, plan.person_id)
    reviews = await queries.list_reviews(reading, plan_id)
    # Without pages: a version has only a few reviews.
    items = [queries.opened(review, key) for review in reviews]
    return Answer(to_json({"items": items, "next_cursor": None}))


@router.get(
    "/{review_id}", responses=answers(ReviewRead, PlanNotFound, ReviewNotFound, Erased)
)
async def get_plan_review(
    caller: CanReadPlans, reading: Audited, terms: Terms, plan_id: Id, review_id: Id
) -> Answer:
    """One review of a version. The access is written to the audit log."""
    plan = await get_plan(reading, plan_id)
    review = await queries.get_review(reading, plan_id, review_id)
    subject = Subject(f"plans/{plan_id}/reviews/{review_id}", county=plan.county_terc)
    record_read(reading, "get_plan_review", subject, [plan.person_id], Category.PLAN)
    return stored_answer(await queries.get_shown(reading, review), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ReviewRead,
        PlanNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        status=201,
    ),
)
async def record_review(
    caller: CanRecordReviews, change: Change, plan_id: Id, new: ReviewCreate
) -> Answer:
    """Record a review of an active plan.

    Every goal gets its level from -2 to +2. The T-score over all goals uses the weights
    of the plan: 50 is what was expected when the goals were set, and ten points are one
    standard deviation (Kiresuk and Sherman 1968).
    """
    # No If-Match: a review is added and overwrites nothing.
    review = await actions.record_review(change, plan_id, new, clock.today())
    location = f"/v1/casework/plans/{plan_id}/reviews/{review.key}"
    return created_answer(review, location)
