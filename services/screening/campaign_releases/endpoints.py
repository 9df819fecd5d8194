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
# No ETag: the numbers can change without a new version of the campaign.
_NO_CACHE = {"cache-control": "no-cache"}


@router.get(
    "/campaigns/{campaign_id}/targets",
    responses=answers(TargetsRead, CampaignNotFound),
)
async def list_campaign_targets(
    caller: CanReadCampaigns, reading: ReplicaReading, campaign_id: Id
) -> Answer:
    """The targets in force, how far each is reached by the published numbers, and which
    are behind.
    """
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

    Counties whose screenings the caller may read are exact and current. Of any other
    county a table is published whole or suppressed whole. It is replaced only when no
    change in it is of few children, so that neither one reading nor the difference of
    two shows anything about few children. All counties that the campaign
    names are listed.

    A number of several counties is the sum over the counties that publish it;
    `counties` is how many these are. A file has the time of its
    numbers in `Last-Modified`.
    """
    format_ = chosen_format(terms.accept, query.format)
    statistics = await queries.get_statistics(reading, campaign_id, query)
    if format_ is None:
        return Answer(statistics.model_dump_json(), headers=_NO_CACHE)
    # `chosen_format` also accepts GeoJSON, for lists of institutions: statistics have
    # no points.
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
    """The funnel from target to stage two: in all, by county, by sex and by age.

    It is published by the rules of the statistics.

    Sums are over the counties that publish the number: `stage_one_counties` and
    `stage_two_counties` are how many these are. In counties outside the caller's own,
    stage two is published separately for each outcome of stage one, and never by
    sex or age.
    """
    funnel = await queries.get_funnel(reading, campaign_id)
    return Answer(funnel.model_dump_json(), headers=_NO_CACHE)
