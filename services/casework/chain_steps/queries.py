"""Every query on the chain of a lead coordination centre."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.casework.cases.models import Case
from services.casework.cases.rules import ChainStep, chain
from services.casework.chain_steps.models import CaseChainStep
from services.casework.chain_steps.schemas import Chain, ChainStepRead
from services.casework.people.queries import get_key, place_of
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.chassis.trust.vault import unseal

CHAIN_STEPS = rows_of(CaseChainStep)


async def list_done(reading: Reading, case_id: UUID) -> Sequence[CaseChainStep]:
    """The completed steps of a case. The caller of this function has checked access to
    the case.
    """
    statement = select(CHAIN_STEPS).where(CHAIN_STEPS.c.case_id == case_id)
    rows = await reading.rows(statement.order_by(CHAIN_STEPS.c.recorded_at))
    return [CaseChainStep(**row._mapping) for row in rows]


async def get_chain(reading: Reading, case: Case) -> Chain:
    """The chain of a case, with what each step found."""
    done = {ChainStep(row.step): row for row in await list_done(reading, case.id)}
    statuses = chain({step: row.found_need for step, row in done.items()})
    # Needed even where no step is done: nothing is shown about an erased child.
    key = await get_key(reading, case.person_id)
    items = []
    for step, status in statuses.items():
        read = ChainStepRead(step=step, status=status)
        if row := done.get(step):
            place = place_of("chain_steps", row.id)
            facts = row.model_dump(include={*ChainStepRead.model_fields})
            sealed = unseal(key, place, row.sealed)
            read = ChainStepRead.model_validate(facts | sealed | {"status": status})
        items.append(read)
    return Chain(items=items)
