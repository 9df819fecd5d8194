"""Every change of a goal. Only goals of drafts change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from services.casework.plan_goals import queries
from services.casework.plan_goals.models import Goal
from services.casework.plan_goals.schemas import GoalCreate, GoalTexts, GoalUpdate
from services.casework.plans.actions import change_part, insert_part, lock_draft
from services.casework.plans.models import Plan
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version

_WORDS = frozenset(GoalTexts.model_fields)


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
    """Insert a goal with these facts and texts as the next one of a version."""
    return await insert_part(change, plan, Goal, facts, _WORDS)


async def amend_goal(
    change: Change, plan_id: UUID, goal_id: UUID, patch: GoalUpdate, version: int
) -> Stored:
    """Change the fields named in the patch, in a goal of a draft."""
    await lock_draft(change, plan_id)
    goal = await queries.lock_goal(change, plan_id, goal_id)
    require_version(goal.version, version)
    patched = patch.model_dump(exclude_unset=True)
    after = await change_part(change, goal, patched, _WORDS)
    _record(change, "amend_goal", after, "changed")
    return await queries.get_shown(change, after)


async def remove_goal(
    change: Change, plan_id: UUID, goal_id: UUID, version: int
) -> None:
    """Remove a goal from a draft. Proposed versions keep their goals."""
    await lock_draft(change, plan_id)
    goal = await queries.lock_goal(change, plan_id, goal_id)
    require_version(goal.version, version)
    # Deleted and not marked, because nobody has agreed to a draft yet.
    _record(change, "remove_goal", goal, "removed")
    await change.execute(delete(Goal).where(col(Goal.id) == goal_id))
