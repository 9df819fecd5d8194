"""/counties/{terc}/resources."""

from typing import Annotated

from fastapi import Path

from services.chassis.ground import clock
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Line
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Reading
from services.registry.demands import CanReadResources
from services.registry.problems import CountyNotFound
from services.registry.resources import queries
from services.registry.resources.schemas import ResourcesRead

router = slice_router(tags=["resources"])


@router.get(
    "/counties/{terc}/resources", responses=answers(ResourcesRead, CountyNotFound)
)
async def get_county_resources(
    caller: CanReadResources,
    reading: Reading,
    terc: Annotated[Line, Path(pattern=r"^[0-9]{4}$", examples=["2469"])],
) -> Answer:
    """A county's inventory today: institutions, offer by sector and kind, what is stale
    and what is missing.

    The answer also has the programmes of local authorities and organisations,
    with their money.
    """
    resources = await queries.get_county_resources(reading, terc, clock.now())
    # No ETag: an offer becomes stale by the clock, without any change.
    no_cache = {"cache-control": "no-cache"}
    return Answer(resources.model_dump_json(), headers=no_cache)
