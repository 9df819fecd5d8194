"""Decisions about many memberships in one transaction, each judged by itself."""

from datetime import date
from uuid import UUID

from services.chassis.data.work import Change, Stored
from services.chassis.web.batches import Verdict, judge_each
from services.registry.membership_batches.schemas import InclusionBatch, InclusionItem
from services.registry.memberships.actions import include_in_network
from services.registry.networks.queries import lock_network


async def include_many_in_network(
    change: Change, network_id: UUID, batch: InclusionBatch, today: date
) -> list[Verdict]:
    """Include each institution as if its decision had been sent alone."""
    # NetworkNotFound is raised once for the batch, not for each of its items.
    await lock_network(change, network_id, shared=True)

    async def include(item: InclusionItem) -> Stored:
        return await include_in_network(
            change, network_id, item.id, item, item.version, today
        )

    return await judge_each(change, InclusionItem, batch.items, include)
