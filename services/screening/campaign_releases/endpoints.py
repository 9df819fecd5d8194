"""/campaigns/{id}/targets, /statistics and /funnel: how far a campaign has come."""

from datetime import UTC
from email.utils import format_datetime
from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis import clock
from services.chassis import problems as general
from services.chassis.answers import Answer, Terms
from services.chassis.database import Reading
from services.chassis.exports import Export, chosen_format, files
from services.chassis.responses import answers
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Id
from services.screening import permissions as may
from services.screening import problems
from services.screening.campaign_releases import queries
from services.screening.campaign_releases import schemas as wire

router = slice_router(tags=["campaigns"])
_FILES = files("csv", "xlsx", "ndjson")


@router.get(
    "/campaigns/{campaign_id}/targets",
    responses=answers(wire.TargetsRead, problems.CampaignNotFound),
)
async def list_campaign_targets(
    caller: may.CanReadCampaigns, reading: Reading, campaign_id: Id
) -> Answer:
    """The targets in force, how far each is reached by what is told, and who is behind."""
    found = await queries.list_targets(reading, caller, campaign_id, clock.today())
    return Answer(found.model_dump_json(), headers={"cache-control": "no-cache"})


@router.get(
    "/campaigns/{campaign_id}/statistics",
    responses=answers(
        wire.StatisticsRead,
        problems.CampaignNotFound,
        general.NotAcceptable,
        files=_FILES,
    ),
)
async def get_campaign_statistics(
    caller: may.CanReadStatistics,
    reading: Reading,
    request: Request,
    terms: Terms,
    campaign_id: Id,
    query: Annotated[wire.StatisticsQuery, Query()],
) -> Response:
    """A campaign in numbers by implementer, county, age band, sex and outcome.

    Of counties whose screenings the caller may read: exact, and as they are now. Of the others a
    county's table is told whole or not at all, and moves when no few have changed in it, so that
    neither one reading nor two tell of few children. Every county that the campaign names is listed.

    What is of several counties is the sum of those of which it is told; `counties` says how many these
    are. A file says of when it is in `Last-Modified`.
    """
    format_ = chosen_format(terms.accept, query.format)
    found = await queries.get_statistics(reading, caller, campaign_id, query)
    if format_ is not None:
        if format_ == "geojson":
            raise general.NotAcceptable(reason="no_point")
        rows = queries.rows_of_statistics(found)
        file = Export(
            request, caller, rows, "campaign-statistics", format_, query.dialect
        )
        if found.released_at is not None:
            file.headers["last-modified"] = format_datetime(
                found.released_at.astimezone(UTC), usegmt=True
            )
        return file
    return Answer(found.model_dump_json(), headers={"cache-control": "no-cache"})


@router.get(
    "/campaigns/{campaign_id}/funnel",
    responses=answers(wire.FunnelRead, problems.CampaignNotFound),
)
async def get_campaign_funnel(
    caller: may.CanReadStatistics, reading: Reading, campaign_id: Id
) -> Answer:
    """From target to stage two, in all, by county, by sex and by age; told as statistics are.

    Sums are of the counties of which they are told: `stage_one_counties` and `stage_two_counties`
    say of how many. Of children who are not in the caller's counties stage two is told for each
    outcome of stage one by itself, and by sex and age not at all.
    """
    found = await queries.get_funnel(reading, caller, campaign_id)
    return Answer(found.model_dump_json(), headers={"cache-control": "no-cache"})
