"""Changes of a version and of its parts. Drafting,
proposing and activating are in `plan_versions`.
"""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.people.queries import get_key, place_of
from services.casework.permissions import Permission
from services.casework.plans import queries
from services.casework.plans.models import Plan, PlanPart
from services.casework.plans.rules.life import PlanState, PlanVerb, allowed_verbs
from services.chassis.data.effects import Subject
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.vault import seal, unseal

Part = TypeVar("Part", bound=PlanPart)


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

    StateConflict for a proposed version: people must approve exactly the text that they
    have read.
    """
    plan = await queries.lock_plan(change, plan_id, Permission.EDIT_PLANS)
    # Under the lock on the version, so that it is not proposed while its parts change.
    require_allowed(plan, PlanVerb.AMEND)
    return plan


async def seal_texts(change: Change, plan: Plan, **texts: str | None) -> bytes:
    """The version's texts with these changes, sealed under the child's key."""
    key = await get_key(change, plan.person_id)
    # All texts are in one sealed field, so unchanged ones are sealed again.
    all_texts = queries.texts_of(plan, key)._replace(**texts)
    return seal(key, place_of("plans", plan.id), all_texts._asdict())


async def insert_part(
    change: Change,
    plan: Plan,
    part: type[Part],
    facts: Mapping[str, Any],
    words: Collection[str],
) -> Part:
    """Insert a part with these facts as the next of its kind in a version.

    `words` names the facts that are sealed; missing ones are sealed as None.
    """
    table = rows_of(part)
    # The id is made first: the sealed texts are bound to it.
    row_id: UUID = await change.scalar(func.uuidv7().select())
    key = await get_key(change, plan.person_id)
    values, texts = _split(facts, words)
    statement = (
        insert(table)
        .values(
            **values,
            id=row_id,
            county_terc=plan.county_terc,
            plan_id=plan.id,
            case_id=plan.case_id,
            person_id=plan.person_id,
            number=await queries.get_next_number(change, part, plan.id),
            sealed=seal(
                key, place_of(table.name, row_id), dict.fromkeys(words) | texts
            ),
        )
        .returning(*table.c)
    )
    return part(**(await change.one(statement))._mapping)


async def change_part(
    change: Change, before: Part, facts: Mapping[str, Any], words: Collection[str]
) -> Part:
    """Give a part these facts and its next version."""
    part = type(before)
    table = rows_of(part)
    key = await get_key(change, before.person_id)
    place = place_of(table.name, before.id)
    values, texts = _split(facts, words)
    # All texts are sealed together, so unchanged ones are opened and sealed again.
    sealed = seal(key, place, unseal(key, place, before.sealed) | texts)
    statement = (
        update(table)
        .where(table.c.id == before.id)
        .values(
            **values, sealed=sealed, version=table.c.version + 1, changed_at=func.now()
        )
        .returning(*table.c)
    )
    return part(**(await change.one(statement))._mapping)


def _split(
    facts: Mapping[str, Any], words: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Splits facts into values of columns and texts to be sealed."""
    texts = {name: facts[name] for name in facts if name in words}
    return {name: facts[name] for name in facts if name not in words}, texts
