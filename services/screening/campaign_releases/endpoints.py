"""/campaigns/{id}/targets, /statistics and /funnel: how far a campaign has come."""

from datetime import UTC
from email.utils import format_datetime
from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import NotAcceptable
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import Export, chosen_format, files
from services.chassis.web.answers import Answer, Terms
from services.chassis.web.units import ReplicaReading
from services.screening.campaign_releases import queries
from services.screening.campaign_releases.schemas import (
    FunnelRead,
    StatisticsQuery,
    StatisticsRead,
    TargetsRead,
)
from services.screening.demands import CanReadCampaigns, CanReadStatistics
from services.screening.problems import CampaignNotFound

router = slice_router(tags=["campaigns"])
_FILES = files("csv", "xlsx", "ndjson")
# And no ETag: the numbers move without a new version of the campaign.
_NO_CACHE = {"cache-control": "no-cache"}


@router.get(
    "/campaigns/{campaign_id}/targets",
    responses=answers(TargetsRead, CampaignNotFound),
)
async def list_campaign_targets(
    caller: CanReadCampaigns, reading: ReplicaReading, campaign_id: Id
) -> Answer:
    """The targets in force, how far each is reached by what is published, and who is behind."""
    targets = await queries.list_targets(reading, campaign_id, clock.today())
    return Answer(targets.model_dump_json(), headers=_NO_CACHE)


@router.get(
    "/campaigns/{campaign_id}/statistics",
    responses=answers(
        StatisticsRead,
        CampaignNotFound,
        NotAcceptable,
        files=_FILES,
    ),
)
async def get_campaign_statistics(
    caller: CanReadStatistics,
    reading: ReplicaReading,
    request: Request,
    terms: Terms,
    campaign_id: Id,
    query: Annotated[StatisticsQuery, Query()],
) -> Response:
    """A campaign in numbers by implementer, county, age band, sex and outcome.

    Counties whose screenings the caller may read: exact, and as they are now. The
    others: a county's table is published whole or suppressed whole, and replaced only
    when no few children have changed in it, so that neither one reading nor two show
    anything about few children. Every county that the campaign names is listed.

    A number of several counties is the sum of those for which it is published;
    `counties` says how many these are. A file says in `Last-Modified` as of when it is.
    """
    format_ = chosen_format(terms.accept, query.format)
    statistics = await queries.get_statistics(reading, campaign_id, query)
    if format_ is None:
        return Answer(statistics.model_dump_json(), headers=_NO_CACHE)
    # Lists of institutions can leave as GeoJSON, and `Accept` may ask for it here, too.
    if format_ == "geojson":
        raise NotAcceptable(reason="no_point")
    rows = queries.rows_of_statistics(statistics.rows)
    name = "campaign-statistics"
    file = Export(request, caller, rows, name, format_, query.dialect)
    if statistics.released_at is not None:
        released_at = statistics.released_at.astimezone(UTC)
        file.headers["last-modified"] = format_datetime(released_at, usegmt=True)
    return file


@router.get(
    "/campaigns/{campaign_id}/funnel",
    responses=answers(FunnelRead, CampaignNotFound),
)
async def get_campaign_funnel(
    caller: CanReadStatistics, reading: ReplicaReading, campaign_id: Id
) -> Answer:
    """From target to stage two, in all, by county, by sex and by age.

    Published as statistics are.

    Sums are of the counties for which they are published: `stage_one_counties` and
    `stage_two_counties` say how many. In counties that are not the caller's stage two
    is published for each outcome of stage one by itself, and by sex and age not at all.
    """
    funnel = await queries.get_funnel(reading, campaign_id)
    return Answer(funnel.model_dump_json(), headers=_NO_CACHE)
