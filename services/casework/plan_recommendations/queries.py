"""Every query on recommendations."""

from uuid import UUID

from sqlalchemy import select

from services.casework.people.queries import get_key, place_of
from services.casework.plan_recommendations.models import Recommendation
from services.casework.plan_recommendations.schemas import RecommendationRead
from services.casework.plans.rules.recommendations import (
    RecommendationState,
    allowed_verbs,
)
from services.casework.problems import RecommendationNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.vault import unseal

RECOMMENDATIONS = rows_of(Recommendation)


async def get_recommendation(
    reading: Reading, plan_id: UUID, recommendation_id: UUID
) -> Recommendation:
    """A recommendation of a version, sealed as it is."""
    # No condition on the caller's reach: it was checked for the plan.
    columns = RECOMMENDATIONS.c
    statement = select(RECOMMENDATIONS).where(
        columns.id == recommendation_id, columns.plan_id == plan_id
    )
    return await reading.instance(Recommendation, statement, RecommendationNotFound)


async def lock_recommendation(
    change: Change, plan_id: UUID, recommendation_id: UUID
) -> Recommendation:
    """A recommendation of a version, locked until the transaction ends."""
    statement = select(RECOMMENDATIONS).where(
        # Only of this plan: the caller's reach was checked for no other.
        RECOMMENDATIONS.c.id == recommendation_id,
        RECOMMENDATIONS.c.plan_id == plan_id,
    )
    return await change.instance(
        Recommendation, statement.with_for_update(), RecommendationNotFound
    )


def opened(recommendation: Recommendation, key: bytes) -> RecommendationRead:
    """A recommendation with its opened texts."""
    place = place_of("plan_recommendations", recommendation.id)
    sealed = unseal(key, place, recommendation.sealed)
    allowed = allowed_verbs(RecommendationState(recommendation.state))
    facts = recommendation.model_dump(exclude={"sealed"})
    return RecommendationRead.model_validate(facts | sealed | {"allowed": allowed})


async def get_shown(reading: Reading, recommendation: Recommendation) -> Stored:
    """A recommendation as it is shown."""
    body = opened(recommendation, await get_key(reading, recommendation.person_id))
    return Stored(recommendation.id, recommendation.version, body.model_dump_json())
