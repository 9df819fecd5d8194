"""Every change of a goal. Only a draft's goals change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlmodel import col

from services.casework.people.queries import get_key, place_of
from services.casework.plan_goals import queries
from services.casework.plan_goals.models import Goal
from services.casework.plan_goals.schemas import GoalCreate, GoalTexts, GoalUpdate
from services.casework.plans.actions import lock_draft
from services.casework.plans.models import Plan
from services.casework.plans.queries import get_next_number
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.trust.vault import seal, unseal

_TEXTS = frozenset(GoalTexts.model_fields)


def _record(change: Change, action: str, goal: Goal, event: str) -> None:
    path = f"plans/{goal.plan_id}/goals/{goal.id}"
    subject = Subject(path, goal.version, goal.county_terc)
    people = [str(goal.person_id)]
    change.record(action, subject, f"plan-goal.{event}", people=people)


async def add_goal(change: Change, plan_id: UUID, new: GoalCreate) -> Stored:
    """Add a goal to a draft."""
    plan = await lock_draft(change, plan_id)
    goal = await insert_goal(change, plan, new.model_dump())
    _record(change, "add_goal", goal, "added")
    return await queries.get_shown(change, goal)


async def insert_goal(change: Change, plan: Plan, facts: Mapping[str, Any]) -> Goal:
    """A goal with these facts and words, the next of a version."""
    # The id is made first: the sealed words are bound to it.
    goal_id: UUID = await change.scalar(func.uuidv7().select())
    key = await get_key(change, plan.person_id)
    texts = {name: facts[name] for name in _TEXTS}
    values = {name: value for name, value in facts.items() if name not in _TEXTS}
    statement = (
        insert(Goal)
        .values(
            **values,
            id=goal_id,
            county_terc=plan.county_terc,
            plan_id=plan.id,
            case_id=plan.case_id,
            person_id=plan.person_id,
            number=await get_next_number(change, Goal, plan.id),
            sealed=seal(key, place_of("plan_goals", goal_id), texts),
        )
        .returning(*queries.GOALS.c)
    )
    return Goal(**(await change.one(statement))._mapping)


async def amend_goal(
    change: Change, plan_id: UUID, goal_id: UUID, patch: GoalUpdate, version: int
) -> Stored:
    """Change what the patch names of a draft's goal."""
    await lock_draft(change, plan_id)
    goal = await queries.lock_goal(change, plan_id, goal_id)
    require_version(goal.version, version)
    key, place = await get_key(change, goal.person_id), place_of("plan_goals", goal_id)
    patched = patch.model_dump(exclude_unset=True)
    # All words are sealed together: those that the patch leaves out are
    # opened and kept.
    texts = unseal(key, place, goal.sealed) | {
        name: value for name, value in patched.items() if name in _TEXTS
    }
    values = {name: value for name, value in patched.items() if name not in _TEXTS}
    statement = (
        update(Goal)
        .where(col(Goal.id) == goal_id)
        .values(
            **values,
            sealed=seal(key, place, texts),
            version=Goal.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.GOALS.c)
    )
    after = Goal(**(await change.one(statement))._mapping)
    _record(change, "amend_goal", after, "changed")
    return await queries.get_shown(change, after)


async def remove_goal(
    change: Change, plan_id: UUID, goal_id: UUID, version: int
) -> None:
    """Take a goal out of a draft. What was proposed keeps its goals."""
    await lock_draft(change, plan_id)
    goal = await queries.lock_goal(change, plan_id, goal_id)
    require_version(goal.version, version)
    # Deleted and not marked: only a draft is touched, and nobody has agreed to it yet.
    _record(change, "remove_goal", goal, "removed")
    await change.execute(delete(Goal).where(col(Goal.id) == goal_id))
