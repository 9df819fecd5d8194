"""/campaigns and their implementers."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import ListQuery, Page
from services.chassis.web.units import Change, Reading
from services.screening.campaigns import actions, queries
from services.screening.campaigns.schemas import (
    CampaignClose,
    CampaignCreate,
    CampaignList,
    CampaignOpen,
    CampaignRead,
    CampaignReopen,
    CampaignUpdate,
    ImplementerCreate,
    ImplementerRead,
)
from services.screening.demands import CanEditCampaigns, CanReadCampaigns
from services.screening.problems import CampaignNotFound, ImplementerAlreadyAdded

router = slice_router(tags=["campaigns"])

_MISSING = (CampaignNotFound, OutsideScope)
_CHANGE = (*_MISSING, StateConflict)
_MOVE = (*_CHANGE, PreconditionRequired, VersionMismatch)
_FILES = files("csv", "xlsx", "ndjson")


@router.get(
    "/campaigns",
    responses=answers(Page[CampaignRead], NotAcceptable, files=_FILES),
)
async def list_campaigns(
    caller: CanReadCampaigns,
    reading: Reading,
    request: Request,
    query: Annotated[CampaignList, Query()],
) -> Response:
    """The campaigns.

    A campaign of several counties (`county_terc` is null) is listed for every county.
    """
    return await list_answer(request, reading, query, queries.list_campaigns(query))


@router.post(
    "/campaigns",
    status_code=201,
    responses=answers(CampaignRead, OutsideScope, UnknownReference, status=201),
)
async def create_campaign(
    caller: CanEditCampaigns, change: Change, new: CampaignCreate
) -> Answer:
    """Plan a campaign by a version of a protocol.

    A campaign of several counties is planned by a caller who reaches every county.
    """
    campaign = await actions.create_campaign(change, new)
    return created_answer(campaign, f"/v1/screening/campaigns/{campaign.key}")


@router.get(
    "/campaigns/{campaign_id}",
    responses=answers(CampaignRead, CampaignNotFound),
)
async def get_campaign(
    caller: CanReadCampaigns, reading: Reading, terms: Terms, campaign_id: Id
) -> Answer:
    """One campaign, with the last days of its stages."""
    return stored_answer(await queries.get_campaign(reading, campaign_id), terms)


@router.patch("/campaigns/{campaign_id}", responses=answers(CampaignRead, *_MOVE))
async def amend_campaign(
    caller: CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    patch: CampaignUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a planned campaign by a merge patch.

    Once it is open, its age bands and its threshold are fixed.
    """
    version = expected_version(if_match, campaign_id)
    campaign = await actions.amend_campaign(change, campaign_id, patch, version)
    return stored_answer(campaign)


@router.post("/campaigns/{campaign_id}/open", responses=answers(CampaignRead, *_MOVE))
async def open_campaign(
    caller: CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    opening: CampaignOpen,
    if_match: IfMatch = None,
) -> Answer:
    """Open a campaign for screenings. It needs at least one implementer."""
    version = expected_version(if_match, campaign_id)
    campaign = await actions.open_campaign(
        change, campaign_id, opening, version, clock.today()
    )
    return stored_answer(campaign)


@router.post("/campaigns/{campaign_id}/close", responses=answers(CampaignRead, *_MOVE))
async def close_campaign(
    caller: CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    closing: CampaignClose,
    if_match: IfMatch = None,
) -> Answer:
    """End a campaign.

    It takes no screenings and no selections any more; its numbers stay.
    """
    version = expected_version(if_match, campaign_id)
    campaign = await actions.close_campaign(
        change, campaign_id, closing, version, clock.today()
    )
    return stored_answer(campaign)


@router.post("/campaigns/{campaign_id}/reopen", responses=answers(CampaignRead, *_MOVE))
async def reopen_campaign(
    caller: CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    reopening: CampaignReopen,
    if_match: IfMatch = None,
) -> Answer:
    """Open a closed campaign for screenings and selections again, with the reason.

    Its earlier counts are kept.
    """
    version = expected_version(if_match, campaign_id)
    campaign = await actions.reopen_campaign(change, campaign_id, reopening, version)
    return stored_answer(campaign)


@router.get(
    "/campaigns/{campaign_id}/implementers",
    responses=answers(Page[ImplementerRead], CampaignNotFound),
)
async def list_campaign_implementers(
    caller: CanReadCampaigns,
    reading: Reading,
    terms: Terms,
    campaign_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The implementers of a campaign."""
    implementers = await queries.list_implementers(reading, terms, campaign_id, query)
    return page_answer(implementers, terms)


@router.post(
    "/campaigns/{campaign_id}/implementers",
    status_code=201,
    responses=answers(ImplementerRead, *_CHANGE, ImplementerAlreadyAdded, status=201),
)
async def add_campaign_implementer(
    caller: CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    new: ImplementerCreate,
) -> Answer:
    """Add an implementer to a campaign; screenings name the implementer by this code."""
    return Answer(await actions.add_implementer(change, campaign_id, new), 201)
