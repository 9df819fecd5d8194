"""Every query on goals."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.casework.people.queries import get_key, place_of
from services.casework.plan_goals.models import Goal
from services.casework.plan_goals.schemas import GoalRead
from services.casework.problems import GoalNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.vault import unseal

GOALS = rows_of(Goal)


async def list_goals(reading: Reading, plan_id: UUID) -> Sequence[Goal]:
    """The goals of a version, in order, sealed as they are."""
    # No condition on the caller's reach: it was checked for the plan.
    statement = select(GOALS).where(GOALS.c.plan_id == plan_id)
    rows = await reading.rows(statement.order_by(GOALS.c.number))
    return [Goal(**row._mapping) for row in rows]


async def get_goal(reading: Reading, plan_id: UUID, goal_id: UUID) -> Goal:
    """A goal of a version, sealed as it is."""
    # No condition on the caller's reach: it was checked for the plan.
    columns = GOALS.c
    statement = select(GOALS).where(columns.id == goal_id, columns.plan_id == plan_id)
    return await reading.instance(Goal, statement, GoalNotFound)


async def lock_goal(change: Change, plan_id: UUID, goal_id: UUID) -> Goal:
    """A goal of a version, locked until the transaction ends."""
    statement = select(GOALS).where(GOALS.c.id == goal_id, GOALS.c.plan_id == plan_id)
    return await change.instance(Goal, statement.with_for_update(), GoalNotFound)


def opened(goal: Goal, key: bytes) -> GoalRead:
    """A goal with its opened texts."""
    sealed = unseal(key, place_of("plan_goals", goal.id), goal.sealed)
    return GoalRead.model_validate(goal.model_dump(exclude={"sealed"}) | sealed)


async def get_shown(reading: Reading, goal: Goal) -> Stored:
    """A goal as it is shown."""
    body = opened(goal, await get_key(reading, goal.person_id))
    return Stored(goal.id, goal.version, body.model_dump_json())
