"""Verifications of many support services in one transaction, each judged by itself."""

from datetime import datetime

from services.chassis.data.work import Change, Stored
from services.chassis.web.batches import BatchItem, Verdict, judge_each
from services.registry.support_service_batches.schemas import VerificationBatch
from services.registry.support_services.actions import verify_support_service


async def verify_support_services(
    change: Change, batch: VerificationBatch, now: datetime
) -> list[Verdict]:
    """Confirm each description as if it had been sent alone."""

    async def verify(item: BatchItem) -> Stored:
        return await verify_support_service(change, item.id, item.version, now)

    return await judge_each(change, BatchItem, batch.items, verify)
