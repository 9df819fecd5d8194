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
from services.chassis.problems import answers
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
    """The targets in force, how far each is reached, and who is behind."""
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
    """A campaign in numbers by implementer, county, age band, sex and outcome. Small numbers are suppressed, with
    others, so that no combination of all these tables tells one.

    Who may not read the screenings gets the last release, so that no comparison of two readings tells of few either; a
    file says of when it is in `Last-Modified`.
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
    """From target to stage two, in all, by county, by sex and by age; suppressed and released as statistics."""
    found = await queries.get_funnel(reading, caller, campaign_id)
    return Answer(found.model_dump_json(), headers={"cache-control": "no-cache"})
