"""Every query on the steps of plans."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.casework.people.queries import get_key, place_of
from services.casework.plan_steps.models import PlanStep
from services.casework.plan_steps.schemas import StepRead
from services.casework.problems import PlanStepNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.vault import unseal

STEPS = rows_of(PlanStep)


async def list_steps(reading: Reading, plan_id: UUID) -> Sequence[PlanStep]:
    """The steps of a version by their days, sealed as they are."""
    # No condition on the caller's reach: it was checked for the plan.
    statement = select(STEPS).where(STEPS.c.plan_id == plan_id)
    rows = await reading.rows(statement.order_by(STEPS.c.due_on, STEPS.c.number))
    return [PlanStep(**row._mapping) for row in rows]


async def get_step(reading: Reading, plan_id: UUID, step_id: UUID) -> PlanStep:
    """A step of a version, sealed as it is."""
    # No condition on the caller's reach: it was checked for the plan.
    columns = STEPS.c
    statement = select(STEPS).where(columns.id == step_id, columns.plan_id == plan_id)
    return await reading.instance(PlanStep, statement, PlanStepNotFound)


async def lock_step(change: Change, plan_id: UUID, step_id: UUID) -> PlanStep:
    """A step of a version, locked until the transaction ends."""
    statement = select(STEPS).where(STEPS.c.id == step_id, STEPS.c.plan_id == plan_id)
    locking = statement.with_for_update()
    return await change.instance(PlanStep, locking, PlanStepNotFound)


def opened(step: PlanStep, key: bytes) -> StepRead:
    """A step with its opened texts."""
    sealed = unseal(key, place_of("plan_steps", step.id), step.sealed)
    return StepRead.model_validate(step.model_dump(exclude={"sealed"}) | sealed)


async def get_shown(reading: Reading, step: PlanStep) -> Stored:
    """A step as it is shown."""
    body = opened(step, await get_key(reading, step.person_id))
    return Stored(step.id, step.version, body.model_dump_json())
