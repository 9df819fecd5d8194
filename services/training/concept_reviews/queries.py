"""Every query of reviews."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.training.concept_reviews.models import (
    ConceptReview,
    ReviewRecommendation,
)
from services.training.concept_reviews.rules import RecommendationState, ReviewKind
from services.training.concept_reviews.schemas import (
    ConceptReviewList,
    ConceptReviewRead,
    ReviewRecommendationRead,
)
from services.training.problems import (
    ConceptReviewNotFound,
    ReviewRecommendationNotFound,
)
from services.training.programme_versions.models import ProgrammeVersion
from services.training.programme_versions.queries import OF_PROGRAMMES, VERSIONS
from services.training.programmes.queries import PROGRAMMES

_REVIEWS = rows_of(ConceptReview)
_RECOMMENDATIONS = rows_of(ReviewRecommendation)
_OF_VERSIONS = _REVIEWS.join(OF_PROGRAMMES, VERSIONS.c.id == _REVIEWS.c.version_id)
_OF_REVIEW = _RECOMMENDATIONS.c.review_id == _REVIEWS.c.id
_IS_OPEN = _RECOMMENDATIONS.c.state == RecommendationState.OPEN


def _recommendations() -> ColumnElement[Any]:
    pairs: list[Any] = []
    for name in ReviewRecommendationRead.model_fields:
        pairs += [name, _RECOMMENDATIONS.c[name]]
    item = func.json_build_object(*pairs)
    items = func.json_agg(aggregate_order_by(item, _RECOMMENDATIONS.c.number))
    all_of_them = func.coalesce(items, func.json_build_array())
    return select(all_of_them).where(_OF_REVIEW).scalar_subquery()


# Counted at reading: a stored number could contradict the decisions.
_UNDECIDED = select(func.count()).select_from(_RECOMMENDATIONS)
_COMPUTED: dict[str, ColumnElement[Any]] = {
    "programme": PROGRAMMES.c.code,
    "version_number": VERSIONS.c.number,
    "recommendations": _recommendations(),
    "undecided": _UNDECIDED.where(_OF_REVIEW, _IS_OPEN).scalar_subquery(),
}
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _COMPUTED[name] if name in _COMPUTED else _REVIEWS.c[name]
    for name in ConceptReviewRead.model_fields
}
_SORTABLE = {"held_on": _REVIEWS.c.held_on}
_LISTING = Listing(_WIRE, _SORTABLE, "-held_on", _REVIEWS.c.id)
_STORED = stored_columns(_WIRE, _REVIEWS.c.id, _REVIEWS.c.version)


async def list_reviews(
    reading: Reading, terms: ListTerms, query: ConceptReviewList
) -> ItemPage:
    """A page of reviews, the newest first."""
    reviews: Rows = select(_OF_VERSIONS)
    if query.programme:
        reviews = reviews.where(PROGRAMMES.c.code.in_(query.programme))
    if query.version_number is not None:
        reviews = reviews.where(VERSIONS.c.number == query.version_number)
    if query.kind:
        reviews = reviews.where(_REVIEWS.c.kind.in_(query.kind))
    return await page_of(reading, terms, query, Listed(_LISTING, reviews))


_ONE: Rows = (
    select(*_STORED).select_from(_OF_VERSIONS).where(_REVIEWS.c.id == bindparam("key"))
)


async def get_review(reading: Reading, review_id: UUID) -> Stored:
    """One review with its recommendations."""
    return await reading.stored(_ONE, ConceptReviewNotFound, {"key": review_id})


async def lock_review(change: Change, review_id: UUID) -> ConceptReview:
    """A review, locked until the transaction ends."""
    statement = select(_REVIEWS).where(_REVIEWS.c.id == review_id).with_for_update()
    return await change.instance(ConceptReview, statement, ConceptReviewNotFound)


async def get_recommendation(
    reading: Reading, review_id: UUID, number: int
) -> ReviewRecommendation:
    """One recommendation of a review."""
    columns = _RECOMMENDATIONS.c
    this = columns.review_id == review_id, columns.number == number
    statement = select(_RECOMMENDATIONS).where(*this)
    problem = ReviewRecommendationNotFound
    return await reading.instance(ReviewRecommendation, statement, problem)


def _up_to(version: ProgrammeVersion) -> tuple[ColumnElement[bool], ...]:
    """The conditions for reviews of a version and of earlier ones."""
    # A proposed version does not change: recommendations go into the next one.
    of_programme = VERSIONS.c.programme_id == version.programme_id
    return of_programme, VERSIONS.c.number <= version.number


async def list_kinds(
    reading: Reading, version: ProgrammeVersion
) -> Sequence[ReviewKind]:
    """The kinds of the reviews of a version and of earlier ones."""
    statement = select(_REVIEWS.c.kind).select_from(_OF_VERSIONS).distinct()
    kinds = await reading.scalars(statement.where(*_up_to(version)))
    return [ReviewKind(kind) for kind in kinds]


async def list_undecided(
    reading: Reading, version: ProgrammeVersion
) -> list[dict[str, Any]]:
    """The reviews up to a version with open recommendations, and their numbers."""
    columns = _RECOMMENDATIONS.c
    # By review, so that the refusal says where to decide.
    numbers = func.array_agg(aggregate_order_by(columns.number, columns.number))
    with_recommendations = _OF_VERSIONS.join(_RECOMMENDATIONS, _OF_REVIEW)
    statement = select(_REVIEWS.c.id, numbers).select_from(with_recommendations)
    narrowed = statement.where(_IS_OPEN, *_up_to(version)).group_by(_REVIEWS.c.id)
    return [
        {"review_id": str(review_id), "recommendations": list(open_ones)}
        for review_id, open_ones in await reading.rows(narrowed.order_by(_REVIEWS.c.id))
    ]
