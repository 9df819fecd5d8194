"""/county-figures."""

from services.chassis.ground import clock
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import ReplicaReading
from services.registry.county_figures import queries
from services.registry.county_figures.schemas import CountyFiguresRead
from services.registry.demands import CanReadSupportServices

router = slice_router(prefix="/county-figures", tags=["resources"])


@router.get("", responses=answers(CountyFiguresRead))
async def get_county_figures(
    caller: CanReadSupportServices, reading: ReplicaReading
) -> Answer:
    """Every county in a few figures: institutions, support services and their free
    places, network, active sites.

    All figures are public; the inventory of one county is at
    `/counties/{terc}/resources`.
    """
    figures = await queries.get_county_figures(reading, clock.now())
    # No ETag: the services offered today depend on the clock as well.
    return Answer(figures.model_dump_json(), headers={"cache-control": "no-cache"})
