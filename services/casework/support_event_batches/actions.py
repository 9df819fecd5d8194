"""Many support events in one transaction:
what is wrong with one does not touch the others.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from services.casework.support_event_batches.rules import BatchStatus
from services.casework.support_event_batches.schemas import SupportEventBatch
from services.casework.support_events.actions import record_event
from services.casework.support_events.queries import lock_children
from services.casework.support_events.schemas import SupportEventCreate
from services.chassis.data.work import Change
from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import Problem


class Recording(NamedTuple):
    """What became of one support event of a batch: its id, or why it was refused."""

    status: BatchStatus
    event_id: UUID | None = None
    refusal: Problem | IntegrityError | None = None


async def record_events(
    change: Change, batch: SupportEventBatch, today: date
) -> list[Recording]:
    """Record each on its own, in their order; a refusal is of that one alone."""
    # Of all at once: two batches may name the same children in another order.
    named = [case_id for facts in batch.items for case_id in _cases_of(facts)]
    await lock_children(change, named)
    return [await _recorded(change, facts, today) for facts in batch.items]


def _cases_of(facts: object) -> list[UUID]:
    """The cases that an item names; none where it cannot be read."""
    if not isinstance(facts, SupportEventCreate):
        return []
    return [part.case_id for part in (facts, *facts.others)]


async def _recorded(change: Change, facts: object, today: date) -> Recording:
    """Record one, unless it cannot be read or cannot be."""
    try:
        # The body's reading passed on what it could not read, without what was wrong.
        new = validated(SupportEventCreate, facts)
        async with change.nested():
            made = await record_event(change, new, today)
    except (Problem, IntegrityError) as refusal:
        return Recording(BatchStatus.REFUSED, refusal=refusal)
    return Recording(BatchStatus.CREATED, UUID(str(made.key)))
