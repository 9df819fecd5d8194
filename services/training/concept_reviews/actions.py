"""Every change of a review: recorded whole, then each recommendation decided."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.training.concept_reviews import queries
from services.training.concept_reviews.models import (
    ConceptReview,
    ReviewRecommendation,
)
from services.training.concept_reviews.rules import (
    VERBS,
    RecommendationState,
    contradictions,
)
from services.training.concept_reviews.schemas import ConceptReviewCreate
from services.training.partners.queries import find_partner
from services.training.partners.rules import PartnerState
from services.training.problems import PartnerNotEligible
from services.training.programme_versions.models import ProgrammeVersion
from services.training.programme_versions.queries import lock_version
from services.training.programme_versions.rules import states


async def _require_partner(
    change: Change, new: ConceptReviewCreate, version: ProgrammeVersion
) -> None:
    """UnknownReference or PartnerNotEligible unless an accepted partner reviews."""
    if new.partner_id is None:
        return
    # Source 003: partners review, and a candidate is not yet a partner.
    partner = await find_partner(change, new.partner_id, version.programme_id)
    if partner is None:
        raise UnknownReference(FieldError("pointer", "/partner_id", "not_found"))
    if partner.state != PartnerState.ACCEPTED:
        raise PartnerNotEligible(missing=["acceptance"])


async def _lock_proposed(change: Change, new: ConceptReviewCreate) -> ProgrammeVersion:
    version = await lock_version(change, new.programme, new.version_number)
    if version.state != states.VersionState.PROPOSED:
        allowed = states.VERBS[states.VersionState(version.state)]
        raise StateConflict(state=version.state, allowed=allowed)
    return version


async def record_review(
    change: Change, new: ConceptReviewCreate, today: date
) -> Stored:
    """Record a partner's or a workshop's review of a proposed version."""
    refuse(*contradictions(new.kind, new.model_dump()))
    if new.held_on > today:
        refuse(("held_on", "in_future"))
    # Under the version's lock: the version is agreed before the review, or after all of
    # its recommendations are decided.
    version = await _lock_proposed(change, new)
    await _require_partner(change, new, version)
    # The version's id replaces programme code and number.
    replaced_fields = {"programme", "version_number", "recommendations"}
    facts = new.model_dump(exclude=replaced_fields) | {"version_id": version.id}
    statement = insert(ConceptReview).values(**facts)
    review_id = await change.scalar(statement.returning(col(ConceptReview.id)))
    rows: list[dict[str, Any]] = [
        {"review_id": review_id, "number": number, "text": text}
        for number, text in enumerate(new.recommendations, 1)
    ]
    if rows:
        await change.execute(insert(ReviewRecommendation), rows)
    subject = Subject(f"concept-reviews/{review_id}")
    # The event has the kind alone: recommendations need the right to read reviews.
    kind, event = new.kind.value, "concept-review.recorded"
    change.record("record_concept_review", subject, event, kind=kind)
    return await queries.get_review(change, review_id)


async def decide_recommendation(
    change: Change,
    review_id: UUID,
    number: int,
    version: int,
    state: RecommendationState,
    because: tuple[str, datetime],
) -> Stored:
    """Accept or reject a recommendation; `because`: the reason and the instant."""
    # The review is locked: it has the version that the caller has read.
    review = await queries.lock_review(change, review_id)
    require_version(review.version, version)
    recommendation = await queries.get_recommendation(change, review_id, number)
    if recommendation.state != RecommendationState.OPEN:
        allowed = VERBS[RecommendationState(recommendation.state)]
        raise StateConflict(state=recommendation.state, allowed=allowed)
    # Each decision raises the review's version: of two at once, the second is refused.
    reason, now = because
    of_review = col(ReviewRecommendation.review_id) == review_id
    by_number = col(ReviewRecommendation.number) == number
    decision = {"state": state, "reason": reason, "decided_at": now}
    statement = update(ReviewRecommendation).where(of_review, by_number)
    # The account is stored with the decision, not only in the audit log.
    by = change.caller.subject
    await change.execute(statement.values(**decision, decided_by=by))
    stamp = {"version": ConceptReview.version + 1, "changed_at": func.now()}
    review_update = update(ConceptReview).where(col(ConceptReview.id) == review_id)
    await change.execute(review_update.values(**stamp))
    subject = Subject(f"concept-reviews/{review_id}", review.version + 1)
    event = f"concept-review.recommendation-{state.value}"
    change.record("decide_recommendation", subject, event, number=number)
    return await queries.get_review(change, review_id)
