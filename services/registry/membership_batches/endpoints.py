"""/networks/{network_id}/memberships:include."""

from fastapi import Depends, Request

from services.chassis.ground import clock
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.batch_answers import batch_answer
from services.chassis.web.batches import BatchRead
from services.chassis.web.idempotency import demand_key
from services.chassis.web.units import Change
from services.registry.demands import CanDecideMemberships
from services.registry.membership_batches import actions
from services.registry.membership_batches.schemas import InclusionBatch
from services.registry.problems import NetworkNotFound

router = slice_router(prefix="/networks", tags=["networks"])


# With an Idempotency-Key: a caller who lost the answer gets the same answer again, and
# not an error for each item.
@router.post(
    "/{network_id}/memberships:include",
    responses=answers(BatchRead, NetworkNotFound),
    dependencies=[Depends(demand_key)],
)
async def include_many_in_network(
    caller: CanDecideMemberships,
    change: Change,
    request: Request,
    network_id: Id,
    batch: InclusionBatch,
) -> Answer:
    """Include up to 200 institutions, each judged on its own; the answer
    keeps their order.

    Each is included as by `/memberships/{id}/include`, in the version that was read.
    The answer has its new `version`, or the `problem` for which it was refused. An
    error in one item does not hold back the others.
    """
    verdicts = await actions.include_many_in_network(
        change, network_id, batch, clock.today()
    )
    accepted = request.headers.get("accept-language", "")
    return batch_answer(verdicts, preferred_language(accepted))
