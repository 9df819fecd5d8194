"""Every change of a recommendation: its texts while the plan is a draft, its state
while the plan is active.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from services.casework.permissions import Permission
from services.casework.plan_goals.queries import lock_goal
from services.casework.plan_recommendations import queries
from services.casework.plan_recommendations.models import Recommendation
from services.casework.plan_recommendations.schemas import (
    RecommendationCreate,
    RecommendationEffect,
    RecommendationEnd,
    RecommendationUpdate,
)
from services.casework.plans.actions import change_part, insert_part, lock_draft
from services.casework.plans.models import Plan
from services.casework.plans.queries import lock_plan
from services.casework.plans.rules.life import PlanState
from services.casework.plans.rules.recommendations import (
    ENDING,
    TRANSITIONS,
    RecommendationState,
    RecommendationVerb,
    allowed_verbs,
    ending_error,
)
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse

_WORDS = ("text", "note")


def _record(
    change: Change,
    action: str,
    recommendation: Recommendation,
    event: str,
    **detail: Any,
) -> None:
    path = f"plans/{recommendation.plan_id}/recommendations/{recommendation.id}"
    subject = Subject(path, recommendation.version, recommendation.county_terc)
    people = [str(recommendation.person_id)]
    change.record(
        action, subject, f"plan-recommendation.{event}", **detail, people=people
    )


async def add_recommendation(
    change: Change, plan_id: UUID, new: RecommendationCreate
) -> Stored:
    """Add a recommendation to a draft."""
    plan = await lock_draft(change, plan_id)
    # Locked, so that the goal is not removed while a recommendation begins
    # to refer to it.
    if new.goal_id is not None:
        await lock_goal(change, plan_id, new.goal_id)
    recommendation = await insert_recommendation(change, plan, new.model_dump())
    _record(
        change,
        "add_recommendation",
        recommendation,
        "added",
        sector=recommendation.sector,
    )
    return await queries.get_shown(change, recommendation)


async def insert_recommendation(
    change: Change, plan: Plan, facts: Mapping[str, Any]
) -> Recommendation:
    """Insert a recommendation with these facts and texts as the next one of a version."""
    # A recommendation carried over from an earlier version brings its own state.
    facts = {"state": RecommendationState.PROPOSED, **facts}
    return await insert_part(change, plan, Recommendation, facts, _WORDS)


async def amend_recommendation(
    change: Change,
    plan_id: UUID,
    recommendation_id: UUID,
    patch: RecommendationUpdate,
    version: int,
) -> Stored:
    """Change the fields named in the patch, in a recommendation of a draft."""
    await lock_draft(change, plan_id)
    recommendation = await queries.lock_recommendation(
        change, plan_id, recommendation_id
    )
    require_version(recommendation.version, version)
    patched = patch.model_dump(exclude_unset=True)
    if patched.get("goal_id") is not None:
        await lock_goal(change, plan_id, patched["goal_id"])
    after = await change_part(change, recommendation, patched, _WORDS)
    _record(change, "amend_recommendation", after, "changed")
    return await queries.get_shown(change, after)


async def remove_recommendation(
    change: Change, plan_id: UUID, recommendation_id: UUID, version: int
) -> None:
    """Remove a recommendation from a draft."""
    await lock_draft(change, plan_id)
    recommendation = await queries.lock_recommendation(
        change, plan_id, recommendation_id
    )
    require_version(recommendation.version, version)
    _record(change, "remove_recommendation", recommendation, "removed")
    of_row = col(Recommendation.id) == recommendation_id
    await change.execute(delete(Recommendation).where(of_row))


class Move(NamedTuple):
    """A verb, its request body, and the version that the client has read."""

    verb: RecommendationVerb
    end: RecommendationEnd
    version: int


async def move_recommendation(
    change: Change, plan_id: UUID, recommendation_id: UUID, move: Move, now: datetime
) -> Stored:
    """Carry out a verb on a recommendation of an active plan.

    StateConflict where the plan is not active, or the recommendation's state does not
    allow the verb.
    """
    plan = await lock_plan(change, plan_id, Permission.EDIT_PLANS)
    recommendation = await queries.lock_recommendation(
        change, plan_id, recommendation_id
    )
    # Before the states: a client with an old version should first read again.
    require_version(recommendation.version, move.version)
    if plan.state != PlanState.ACTIVE:
        raise StateConflict(state=plan.state, allowed=[])
    state = RecommendationState(recommendation.state)
    if move.verb not in TRANSITIONS[state]:
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    error = ending_error(move.verb, move.end.reason, move.end.effect)
    if error is not None:
        refuse(error)
    after_state = TRANSITIONS[state][move.verb]
    facts = move.end.model_dump(exclude_none=True) | {"state": after_state}
    if move.verb in ENDING:
        facts["ended_at"] = now
    after = await change_part(change, recommendation, facts, _WORDS)
    # Action names use underscores, like functions.
    verb = move.verb.value.replace("-", "_")
    _record(
        change, f"{verb}_recommendation", after, after_state.value, reason=after.reason
    )
    return await queries.get_shown(change, after)


async def tell_effect(
    change: Change,
    plan_id: UUID,
    recommendation_id: UUID,
    effect: RecommendationEffect,
    version: int,
) -> Stored:
    """Record the effect of a completed recommendation,
    also after its version has ended.

    StateConflict where it was not completed.
    """
    await lock_plan(change, plan_id, Permission.EDIT_PLANS)
    recommendation = await queries.lock_recommendation(
        change, plan_id, recommendation_id
    )
    require_version(recommendation.version, version)
    state = RecommendationState(recommendation.state)
    if RecommendationVerb.TELL_EFFECT not in TRANSITIONS[state]:
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    # The note from the completion stays, unless there is a new one.
    facts = effect.model_dump(exclude_none=True)
    after = await change_part(change, recommendation, facts, _WORDS)
    codes = {"effect": after.effect, "earlier_effect": recommendation.effect}
    _record(change, "tell_recommendation_effect", after, "effect-told", **codes)
    return await queries.get_shown(change, after)
