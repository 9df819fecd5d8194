"""/networks/{network_id}/gaps and /counties/{terc}/network-gaps."""

from typing import Annotated

from fastapi import Path

from services.chassis.ground import clock
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id, Line
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Reading
from services.registry.demands import CanReadNetworks
from services.registry.network_gaps import queries
from services.registry.network_gaps.schemas import NetworkGaps
from services.registry.problems import NetworkNotFound

router = slice_router(tags=["networks"])
# Without an ETag: services of institutions all over the county change the gaps, without
# a new version of the network.
_NO_CACHE = {"cache-control": "no-cache"}


@router.get(
    "/networks/{network_id}/gaps", responses=answers(NetworkGaps, NetworkNotFound)
)
async def get_network_gaps(
    caller: CanReadNetworks, reading: Reading, network_id: Id
) -> Answer:
    """The institutions missing from the network today, by sector and kind of support,
    and what the whole county lacks.

    For its members, the answer has the free places and the longest waiting time.
    """
    gaps = await queries.get_network_gaps(reading, network_id, clock.now())
    return Answer(gaps.model_dump_json(), headers=_NO_CACHE)


@router.get(
    "/counties/{terc}/network-gaps", responses=answers(NetworkGaps, NetworkNotFound)
)
async def get_county_network_gaps(
    caller: CanReadNetworks,
    reading: Reading,
    terc: Annotated[Line, Path(pattern=r"^[0-9]{4}$", examples=["2469"])],
) -> Answer:
    """The gaps of the open network of a county, of which there is at most one."""
    gaps = await queries.get_county_gaps(reading, terc, clock.now())
    return Answer(gaps.model_dump_json(), headers=_NO_CACHE)
