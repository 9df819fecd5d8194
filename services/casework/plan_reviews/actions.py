"""Every change of a review: it is recorded once and never changed."""

from datetime import date
from uuid import UUID

from services.casework.permissions import Permission
from services.casework.plan_goals.queries import list_goals
from services.casework.plan_reviews import queries
from services.casework.plan_reviews.models import Review
from services.casework.plan_reviews.rules import (
    WeighedGoal,
    date_error,
    score,
    unrated,
)
from services.casework.plan_reviews.schemas import ReviewCreate
from services.casework.plans.actions import change_plan, insert_part
from services.casework.plans.models import Plan
from services.casework.plans.queries import lock_plan
from services.casework.plans.rules.life import PlanState
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored
from services.chassis.ground.problems import StateConflict, refuse


async def record_review(
    change: Change, plan_id: UUID, new: ReviewCreate, today: date
) -> Stored:
    """Record a review of an active plan, with the level of every goal and the score
    over all goals.
    """
    plan = await lock_plan(change, plan_id, Permission.RECORD_REVIEWS)
    if plan.state != PlanState.ACTIVE:
        raise StateConflict(state=plan.state, allowed=[])
    levels = {each.goal_id: int(each.level) for each in new.attainments}
    goals = [
        WeighedGoal(goal.id, goal.weight) for goal in await list_goals(change, plan_id)
    ]
    _require_whole(plan, new, goals, levels, today)
    review = await _insert(change, plan, new, goals)
    # Also None: without a day the plan has no next review.
    await change_plan(change, plan, review_due_on=new.next_review_on)
    path = f"plans/{plan_id}/reviews/{review.id}"
    subject = Subject(path, review.version, plan.county_terc)
    change.record(
        "record_review",
        subject,
        "plan-review.recorded",
        people=[str(plan.person_id)],
        conclusion=new.conclusion.value,
    )
    return await queries.get_shown(change, review)


async def _insert(
    change: Change, plan: Plan, new: ReviewCreate, goals: list[WeighedGoal]
) -> Review:
    levels = {each.goal_id: int(each.level) for each in new.attainments}
    facts = {
        "held_on": new.held_on,
        "attainments": {str(goal_id): level for goal_id, level in levels.items()},
        # Stored as computed now, so that a later change of the formula does not change
        # past reviews.
        "t_score": score(goals, levels),
        "conclusion": new.conclusion,
        "recorded_by": change.caller.subject,
        "note": new.note,
    }
    return await insert_part(change, plan, Review, facts, ("note",))


def _require_whole(
    plan: Plan,
    new: ReviewCreate,
    goals: list[WeighedGoal],
    levels: dict[UUID, int],
    today: date,
) -> None:
    """ValidationFailed unless every goal of the plan, and no other, has exactly one
    level, and the days are valid.
    """
    wrong = []
    error = date_error(new.held_on, plan.starts_on, today)
    if error is not None:
        wrong.append(("held_on", error))
    if new.next_review_on is not None and new.next_review_on <= new.held_on:
        wrong.append(("next_review_on", "wrong_order"))
    # All errors at once, so that a form can be corrected in one go.
    goal_ids = {goal.goal_id for goal in goals}
    for place, each in enumerate(new.attainments):
        if each.goal_id not in goal_ids:
            wrong.append((f"attainments/{place}/goal_id", "not_found"))
    # `levels` is a dict by goal: fewer items than ratings mean
    # that a goal was rated twice.
    if len(levels) < len(new.attainments):
        wrong.append(("attainments", "repeated"))
    if unrated(goals, levels):
        wrong.append(("attainments", "missing"))
    refuse(*wrong)
