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


# With an Idempotency-Key: items without an id of their source would be recorded again
# by whoever lost the answer and sends the batch anew.
@router.post(
    ":batch", responses=answers(ScreeningBatchRead), dependencies=[Depends(demand_key)]
)
async def create_screenings(
    caller: CanSubmitScreenings,
    change: Change,
    request: Request,
    batch: ScreeningBatch,
) -> Answer:
    """Up to 200 screenings, each answered on its own, in their order: created, known
    already, or refused and why.

    What is wrong with one, down to a field that is missing, stands in its `problem` and
    keeps none of the others out. One whose county has its `source` and `external_id`
    with the same facts is `unchanged`, with other facts refused.
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
    """What is answered about one screening.

    A refusal as the problem it would be if it had been sent alone.
    """
    status, screening_id, refusal = recording
    problem = refusal and refusal_of_item(refusal, index, language)
    return {
        "index": index,
        "status": status,
        "id": screening_id and str(screening_id),
        "problem": problem,
    }
