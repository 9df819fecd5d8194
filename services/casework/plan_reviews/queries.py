"""Every query on the reviews."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.casework.people.queries import get_key, place_of
from services.casework.plan_reviews.models import Review
from services.casework.plan_reviews.schemas import GoalAttainment, ReviewRead
from services.casework.problems import ReviewNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Stored
from services.chassis.trust.vault import unseal

REVIEWS = rows_of(Review)


async def list_reviews(reading: Reading, plan_id: UUID) -> Sequence[Review]:
    """The reviews of a version, in order, sealed as they are."""
    # No condition on the caller's reach: it was checked for the plan.
    statement = select(REVIEWS).where(REVIEWS.c.plan_id == plan_id)
    rows = await reading.rows(statement.order_by(REVIEWS.c.number))
    return [Review(**row._mapping) for row in rows]


async def get_review(reading: Reading, plan_id: UUID, review_id: UUID) -> Review:
    """A review of a version, sealed as it is."""
    columns = REVIEWS.c
    statement = select(REVIEWS).where(
        columns.id == review_id, columns.plan_id == plan_id
    )
    return await reading.instance(Review, statement, ReviewNotFound)


def opened(review: Review, key: bytes) -> ReviewRead:
    """A review with its opened texts."""
    sealed = unseal(key, place_of("plan_reviews", review.id), review.sealed)
    attainments = [
        GoalAttainment(goal_id=UUID(goal_id), level=level)
        for goal_id, level in review.attainments.items()
    ]
    facts = review.model_dump(exclude={"sealed", "attainments"})
    return ReviewRead.model_validate(facts | sealed | {"attainments": attainments})


async def get_shown(reading: Reading, review: Review) -> Stored:
    """A review as it is shown."""
    body = opened(review, await get_key(reading, review.person_id))
    return Stored(review.id, review.version, body.model_dump_json())
