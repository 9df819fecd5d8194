"""/concept-reviews."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.concept_reviews import actions, queries
from services.training.concept_reviews.rules import RecommendationState
from services.training.concept_reviews.schemas import (
    ConceptReviewCreate,
    ConceptReviewList,
    ConceptReviewRead,
    RecommendationDecision,
    RecommendationNumber,
)
from services.training.demands import CanReadConceptReviews, CanWriteConceptReviews
from services.training.problems import (
    ConceptReviewNotFound,
    PartnerNotEligible,
    ProgrammeVersionNotFound,
    ReviewRecommendationNotFound,
    TrainingProgrammeNotFound,
)

router = slice_router(prefix="/concept-reviews", tags=["concept-reviews"])
_DECIDE = (
    ConceptReviewNotFound,
    ReviewRecommendationNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get("", responses=answers(Page[ConceptReviewRead]))
async def list_concept_reviews(
    caller: CanReadConceptReviews,
    reading: Reading,
    terms: Terms,
    query: Annotated[ConceptReviewList, Query()],
) -> Answer:
    """Reviews of versions by partners and consulted authorities, the newest first."""
    return page_answer(await queries.list_reviews(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ConceptReviewRead,
        TrainingProgrammeNotFound,
        ProgrammeVersionNotFound,
        StateConflict,
        UnknownReference,
        PartnerNotEligible,
        status=201,
    ),
)
async def record_concept_review(
    caller: CanWriteConceptReviews, change: Change, new: ConceptReviewCreate
) -> Answer:
    """Record a partner's review, or a workshop with communes and counties.

    The version has to be proposed. Each recommendation is then decided by itself.
    """
    review = await actions.record_review(change, new, clock.today())
    return created_answer(review, f"/v1/training/concept-reviews/{review.key}")


@router.get("/{review_id}", responses=answers(ConceptReviewRead, ConceptReviewNotFound))
async def get_concept_review(
    caller: CanReadConceptReviews, reading: Reading, terms: Terms, review_id: Id
) -> Answer:
    """One review with its recommendations."""
    return stored_answer(await queries.get_review(reading, review_id), terms)


# Two endpoints: the decision is in the address, and so in the log of requests.
@router.post(
    "/{review_id}/recommendations/{number}/accept",
    responses=answers(ConceptReviewRead, *_DECIDE),
)
async def accept_review_recommendation(
    caller: CanWriteConceptReviews,
    change: Change,
    review_id: Id,
    number: RecommendationNumber,
    decision: RecommendationDecision,
    if_match: IfMatch = None,
) -> Answer:
    """Accept one recommendation, with the reason, for the next version."""
    # If-Match is the review's: recommendations have no version of their own.
    version = expected_version(if_match, review_id)
    state, because = RecommendationState.ACCEPTED, (decision.reason, clock.now())
    return stored_answer(
        await actions.decide_recommendation(
            change, review_id, number, version, state, because
        )
    )


@router.post(
    "/{review_id}/recommendations/{number}/reject",
    responses=answers(ConceptReviewRead, *_DECIDE),
)
async def reject_review_recommendation(
    caller: CanWriteConceptReviews,
    change: Change,
    review_id: Id,
    number: RecommendationNumber,
    decision: RecommendationDecision,
    if_match: IfMatch = None,
) -> Answer:
    """Reject one recommendation, with the reason."""
    version = expected_version(if_match, review_id)
    state, because = RecommendationState.REJECTED, (decision.reason, clock.now())
    return stored_answer(
        await actions.decide_recommendation(
            change, review_id, number, version, state, because
        )
    )
