"""/support-services:verify."""

from fastapi import Depends, Request

from services.chassis.ground import clock
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.batch_answers import batch_answer
from services.chassis.web.batches import BatchRead
from services.chassis.web.idempotency import demand_key
from services.chassis.web.units import Change
from services.registry.demands import CanVerifySupportServices
from services.registry.support_service_batches import actions
from services.registry.support_service_batches.schemas import VerificationBatch

router = slice_router(prefix="/support-services", tags=["support-services"])


# With an Idempotency-Key: a caller who lost the answer gets the same answer again, and
# not an error for each item.
@router.post(
    ":verify", responses=answers(BatchRead), dependencies=[Depends(demand_key)]
)
async def verify_support_services(
    caller: CanVerifySupportServices,
    change: Change,
    request: Request,
    batch: VerificationBatch,
) -> Answer:
    """Confirm up to 200 descriptions, each judged on its own; the answer
    keeps their order.

    Each is verified as by `/support-services/{id}/verify`, in the version that was
    read. The answer has its new `version`, or the `problem` for which it was refused.
    An error in one item does not hold back the others.
    """
    verdicts = await actions.verify_support_services(change, batch, clock.now())
    accepted = request.headers.get("accept-language", "")
    return batch_answer(verdicts, preferred_language(accepted))
