"""/screenings:batch."""

import json
from typing import Any

from fastapi import Depends, Request

from services.chassis.ground import clock
from services.chassis.ground.problems import Language
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.batch_answers import refusal_of_item
from services.chassis.web.idempotency import demand_key
from services.chassis.web.units import Change
from services.screening.demands import CanSubmitScreenings
from services.screening.screening_batches import actions
from services.screening.screening_batches.schemas import (
    ScreeningBatch,
    ScreeningBatchRead,
)

router = slice_router(prefix="/screenings", tags=["screenings"])


# With an Idempotency-Key: a client that lost the answer and repeats the batch would
# otherwise record items without an external id again.
@router.post(
    ":batch", responses=answers(ScreeningBatchRead), dependencies=[Depends(demand_key)]
)
async def create_screenings(
    caller: CanSubmitScreenings,
    change: Change,
    request: Request,
    batch: ScreeningBatch,
) -> Answer:
    """Record up to 200 screenings; each has its own answer, in their order: created,
    unchanged or refused.

    The faults of one screening, also a missing field, are in its `problem` and do not
    affect the others. If its county already has a screening with the same `source` and
    `external_id`, it is `unchanged` when the facts are the same, and refused
    when they differ.
    """
    language = preferred_language(request.headers.get("accept-language", ""))
    recordings = await actions.create_screenings(change, batch, clock.today())
    items = [
        _item(index, recording, language) for index, recording in enumerate(recordings)
    ]
    return Answer(json.dumps({"items": items}, ensure_ascii=False))


def _item(
    index: int, recording: actions.Recording, language: Language
) -> dict[str, Any]:
    """The answer for one screening.

    A refusal is the same problem as if the screening had been sent alone.
    """
    status, screening_id, refusal = recording
    problem = refusal and refusal_of_item(refusal, index, language)
    return {
        "index": index,
        "status": status,
        "id": screening_id and str(screening_id),
        "problem": problem,
    }
