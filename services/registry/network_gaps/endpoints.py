"""/networks/{network_id}/gaps."""

from services.chassis.ground import clock
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Reading
from services.registry.demands import CanReadNetworks
from services.registry.network_gaps import queries
from services.registry.network_gaps.schemas import NetworkGaps
from services.registry.problems import NetworkNotFound

router = slice_router(prefix="/networks", tags=["networks"])


@router.get("/{network_id}/gaps", responses=answers(NetworkGaps, NetworkNotFound))
async def get_network_gaps(
    caller: CanReadNetworks, reading: Reading, network_id: Id
) -> Answer:
    """Who is missing from the network today, by sector and kind of support, and what the whole county lacks."""
    gaps = await queries.get_network_gaps(reading, network_id, clock.today())
    # No ETag: services of institutions all over the county change the gaps, and the
    # network keeps its version.
    headers = {"cache-control": "no-cache"}
    return Answer(gaps.model_dump_json(), headers=headers)
