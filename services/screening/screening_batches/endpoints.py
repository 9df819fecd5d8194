"""/screenings:batch."""

from fastapi import Depends, Request

from services.chassis import clock
from services.chassis.answers import Answer
from services.chassis.database import Change
from services.chassis.idempotency import demand_key
from services.chassis.refusals import preferred_language
from services.chassis.responses import answers
from services.chassis.routes import router as slice_router
from services.screening.permissions import CanSubmitScreenings
from services.screening.screening_batches import actions
from services.screening.screening_batches.schemas import BatchRead, ScreeningBatch

router = slice_router(prefix="/screenings", tags=["screenings"])


@router.post(":batch", responses=answers(BatchRead), dependencies=[Depends(demand_key)])
async def create_screenings(
    caller: CanSubmitScreenings,
    change: Change,
    request: Request,
    batch: ScreeningBatch,
) -> Answer:
    """Up to 100 screenings, each answered on its own, in their order: created, known already, or refused and why.

    What is wrong with one, down to a field that is missing, stands in its `problem` and keeps none of the others out.
    One whose county has its `source` and `external_id` with the same facts is `unchanged`, with other facts refused.
    """
    language = preferred_language(request.headers.get("accept-language", ""))
    return await actions.create_screenings(
        change, caller, batch, clock.today(), language
    )
