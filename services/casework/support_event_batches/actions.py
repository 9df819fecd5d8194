"""Many support events in one transaction: an error in one does not affect the others."""

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
    """The result for one support event of a batch: its id, or why it was refused."""

    status: BatchStatus
    event_id: UUID | None = None
    refusal: Problem | IntegrityError | None = None


async def record_events(
    change: Change, batch: SupportEventBatch, today: date
) -> list[Recording]:
    """Record each event separately, in order; a refusal concerns only that event."""
    # All children at once, because two batches may name the same children
    # in another order.
    case_ids = [case_id for facts in batch.items for case_id in _cases_of(facts)]
    await lock_children(change, case_ids)
    return [await _record(change, facts, today) for facts in batch.items]


def _cases_of(facts: object) -> list[UUID]:
    """The ids of the cases that an item names; empty where it cannot be read."""
    if not isinstance(facts, SupportEventCreate):
        return []
    return [part.case_id for part in (facts, *facts.others)]


async def _record(change: Change, facts: object, today: date) -> Recording:
    """Record one event; a refusal where it cannot be read or recorded."""
    try:
        # Items that the body's parser could not read are passed on unchanged;
        # `validated` raises with their errors.
        new = validated(SupportEventCreate, facts)
        async with change.nested():
            stored = await record_event(change, new, today)
    except (Problem, IntegrityError) as refusal:
        return Recording(BatchStatus.REFUSED, refusal=refusal)
    return Recording(BatchStatus.CREATED, UUID(str(stored.key)))
