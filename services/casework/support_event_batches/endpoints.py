"""/support-events:batch."""

from typing import Any

from fastapi import Depends, Request
from pydantic_core import to_json

from services.casework.demands import CanRecordSupportEvents
from services.casework.support_event_batches import actions
from services.casework.support_event_batches.schemas import (
    SupportEventBatch,
    SupportEventBatchRead,
)
from services.chassis.ground import clock
from services.chassis.ground.problems import Language
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.batch_answers import refusal_of_item
from services.chassis.web.idempotency import demand_key
from services.chassis.web.units import Change

router = slice_router(prefix="/support-events", tags=["support-events"])


@router.post(
    # With a required idempotency key: a repeat after a lost answer would otherwise
    # record every meeting again.
    ":batch",
    responses=answers(SupportEventBatchRead),
    dependencies=[Depends(demand_key)],
)
async def record_support_events(
    caller: CanRecordSupportEvents,
    change: Change,
    request: Request,
    batch: SupportEventBatch,
) -> Answer:
    """Record up to 200 support events. Each has its own answer, in order: recorded, or
    refused with the reason.

    The errors of an event, even a missing field, are in its `problem` and do not affect
    the others. Each is checked after those before it, so the hours of a month add up
    within a batch.
    """
    language = preferred_language(request.headers.get("accept-language", ""))
    recordings = await actions.record_events(change, batch, clock.today())
    items = [_item(place, each, language) for place, each in enumerate(recordings)]
    return Answer(to_json({"items": items}))


def _item(
    index: int, recording: actions.Recording, language: Language
) -> dict[str, Any]:
    """The JSON of one item; a refusal is the same problem
    as if the event had been sent alone.
    """
    refusal = recording.refusal
    problem = refusal and refusal_of_item(refusal, index, language)
    return {
        "index": index,
        "status": recording.status,
        "id": recording.event_id,
        "problem": problem,
    }
