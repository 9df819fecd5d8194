"""Every change of a version itself;
how it comes to be, is approved and carried out is in `plan_versions`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col

from services.casework.people.queries import get_key, place_of
from services.casework.permissions import Permission
from services.casework.plans import queries
from services.casework.plans.models import Plan
from services.casework.plans.rules.life import PlanState, PlanVerb, allowed_verbs
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.vault import seal


def record_change(
    change: Change, action: str, plan: Plan, event: str, **detail: Any
) -> None:
    """The audit record and the event of a version's newest state."""
    subject = Subject(f"plans/{plan.id}", plan.version, plan.county_terc)
    people = [str(plan.person_id)]
    change.record(action, subject, f"plan.{event}", **detail, people=people)


def require_allowed(plan: Plan, verb: PlanVerb) -> None:
    """StateConflict unless the version's state allows the verb."""
    allowed = allowed_verbs(PlanState(plan.state))
    if verb not in allowed:
        raise StateConflict(state=plan.state, allowed=allowed)


async def change_plan(change: Change, plan: Plan, **values: Any) -> Plan:
    """Give a version these values and its next ETag."""
    statement = (
        update(Plan)
        .where(col(Plan.id) == plan.id)
        .values(**values, version=Plan.version + 1, changed_at=func.now())
        .returning(*queries.PLANS.c)
    )
    return Plan(**(await change.one(statement))._mapping)


async def lock_draft(change: Change, plan_id: UUID) -> Plan:
    """A draft whose goals, recommendations or steps are to change,
    within the caller's reach.

    StateConflict for what was proposed: what people approve is what they have read.
    """
    plan = await queries.lock_plan(change, plan_id, Permission.EDIT_PLANS)
    # Under the lock of the version: it is not proposed while its parts change.
    require_allowed(plan, PlanVerb.AMEND)
    return plan


async def seal_texts(change: Change, plan: Plan, **texts: str | None) -> bytes:
    """The version's words with these among them, sealed under the child's key."""
    key = await get_key(change, plan.person_id)
    # Together in one field: what is not said anew is sealed again with the rest.
    kept = queries.texts_of(plan, key)._replace(**texts)
    return seal(key, place_of("plans", plan.id), kept._asdict())
