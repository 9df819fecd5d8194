"""/campaign-coverage: campaigns side by side, county by county."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, next_link
from services.chassis.web.units import ReplicaReading
from services.screening.campaign_coverage import queries
from services.screening.campaign_coverage.schemas import CoverageQuery, CoverageRead
from services.screening.demands import CanReadStatistics

router = slice_router(prefix="/campaign-coverage", tags=["campaigns"])


@router.get("", responses=answers(CoverageRead))
async def get_campaign_coverage(
    caller: CanReadStatistics,
    reading: ReplicaReading,
    terms: Terms,
    query: Annotated[CoverageQuery, Query()],
) -> Answer:
    """The progress of each campaign in each county: started, complete, positive,
    selected, complete in stage two.

    The same rules as for the statistics of a campaign: the caller's own counties are
    exact and live, others are shown as last released, and a suppressed number is null.
    """
    coverage = await queries.get_coverage(reading, terms, query)
    # No ETag: the numbers can change without a new version of any campaign.
    headers = {"cache-control": "no-cache"}
    if coverage.next_cursor:
        headers["link"] = next_link(terms, coverage.next_cursor)
    return Answer(coverage.model_dump_json(), headers=headers)
