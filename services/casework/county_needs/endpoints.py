"""/counties/{terc}/needs."""

from typing import Annotated

from fastapi import Path

from services.casework.county_needs import queries
from services.casework.county_needs.schemas import NeedsRead
from services.casework.demands import CanReadReferrals
from services.chassis.ground import clock
from services.chassis.ground.problems import NotFound
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Line
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import ReplicaReading

router = slice_router(tags=["referrals"])


@router.get("/counties/{terc}/needs", responses=answers(NeedsRead, NotFound))
async def get_county_needs(
    caller: CanReadReferrals,
    reading: ReplicaReading,
    terc: Annotated[Line, Path(pattern=r"^[0-9]{4}$", examples=["2469"])],
) -> Answer:
    """What the children of a county need and wait for today: open cases by state, open
    referrals and how long they have waited, and recommendations of plans by sector and
    kind of support.

    Only for callers who may read all cases of the county. Sector and kind are null for
    referrals for which neither the service nor a recommendation states them.
    """
    # Neither audited nor suppressed: the caller may read every counted row anyway.
    needs = await queries.get_needs(reading, terc, clock.today())
    # No ETag: waiting times change with the clock, without a new version.
    return Answer(needs.model_dump_json(), headers={"cache-control": "no-cache"})
