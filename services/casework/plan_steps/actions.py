"""Every change of a step: its texts and day while the plan is a draft, its state while
the plan is active.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from services.casework.permissions import Permission
from services.casework.plan_steps import queries
from services.casework.plan_steps.models import PlanStep
from services.casework.plan_steps.schemas import (
    StepCreate,
    StepState,
    StepTexts,
    StepUpdate,
)
from services.casework.plans.actions import change_part, insert_part, lock_draft
from services.casework.plans.models import Plan
from services.casework.plans.queries import lock_plan
from services.casework.plans.rules.life import PlanState
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict

_WORDS = frozenset(StepTexts.model_fields)


def _record(
    change: Change, action: str, step: PlanStep, event: str, **detail: Any
) -> None:
    path = f"plans/{step.plan_id}/steps/{step.id}"
    subject = Subject(path, step.version, step.county_terc)
    people = [str(step.person_id)]
    change.record(action, subject, f"plan-step.{event}", **detail, people=people)


async def add_step(change: Change, plan_id: UUID, new: StepCreate) -> Stored:
    """Add a step to a draft."""
    plan = await lock_draft(change, plan_id)
    step = await insert_step(change, plan, new.model_dump())
    _record(change, "add_plan_step", step, "added")
    return await queries.get_shown(change, step)


async def insert_step(change: Change, plan: Plan, facts: Mapping[str, Any]) -> PlanStep:
    """Insert a step with these facts and texts as the next one of a version."""
    # A step from a pathway has only a title, and no place, person or telephone yet.
    facts = {"state": StepState.PLANNED, **facts}
    return await insert_part(change, plan, PlanStep, facts, _WORDS)


async def change_step(
    change: Change, step: PlanStep, facts: Mapping[str, Any]
) -> PlanStep:
    """Give a step these facts and texts, and its next version."""
    return await change_part(change, step, facts, _WORDS)


async def amend_step(
    change: Change, plan_id: UUID, step_id: UUID, patch: StepUpdate, version: int
) -> Stored:
    """Change the fields named in the patch, in a step of a draft.

    A step with a day set by hand no longer moves with the plan.
    """
    await lock_draft(change, plan_id)
    step = await queries.lock_step(change, plan_id, step_id)
    require_version(step.version, version)
    patched = patch.model_dump(exclude_unset=True)
    # Otherwise the next change of the plan's start would overwrite this day.
    if "due_on" in patched:
        patched["days_from_start"] = None
    after = await change_step(change, step, patched)
    _record(change, "amend_plan_step", after, "changed")
    return await queries.get_shown(change, after)


async def remove_step(
    change: Change, plan_id: UUID, step_id: UUID, version: int
) -> None:
    """Remove a step from a draft."""
    await lock_draft(change, plan_id)
    step = await queries.lock_step(change, plan_id, step_id)
    require_version(step.version, version)
    _record(change, "remove_plan_step", step, "removed")
    await change.execute(delete(PlanStep).where(col(PlanStep.id) == step_id))


async def _lock_planned(
    change: Change, plan_id: UUID, step_id: UUID, version: int
) -> PlanStep:
    """A planned step of an active plan, locked; StateConflict for any other."""
    # The plan first, so that no newer version replaces it in the meantime.
    plan = await lock_plan(change, plan_id, Permission.EDIT_PLANS)
    step = await queries.lock_step(change, plan_id, step_id)
    require_version(step.version, version)
    if plan.state != PlanState.ACTIVE:
        raise StateConflict(state=plan.state, allowed=[])
    if step.state != StepState.PLANNED:
        raise StateConflict(state=step.state, allowed=[])
    return step


async def complete_step(
    change: Change, plan_id: UUID, step_id: UUID, done_on: date, version: int
) -> Stored:
    """Record the day on which a step was done."""
    step = await _lock_planned(change, plan_id, step_id, version)
    after = await change_step(
        change, step, {"state": StepState.DONE, "done_on": done_on}
    )
    _record(change, "complete_plan_step", after, "done")
    return await queries.get_shown(change, after)


async def skip_step(
    change: Change, plan_id: UUID, step_id: UUID, reason: str, version: int
) -> Stored:
    """Record why a step is not done."""
    step = await _lock_planned(change, plan_id, step_id, version)
    facts = {"state": StepState.SKIPPED, "reason": reason}
    after = await change_step(change, step, facts)
    # The reason is a code, so the audit record may contain it.
    _record(change, "skip_plan_step", after, "skipped", reason=reason)
    return await queries.get_shown(change, after)
