"""/campaigns with their implementers, targets, numbers and selections."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis import clock
from services.chassis import problems as general
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change, Reading
from services.chassis.exports import files, page_or_file
from services.chassis.listing import ListQuery, Page
from services.chassis.responses import answers
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Id
from services.screening import permissions as may
from services.screening import problems
from services.screening.campaigns import actions, queries
from services.screening.campaigns import schemas as wire

router = slice_router(tags=["campaigns"])

_MISSING = (problems.CampaignNotFound, general.OutsideScope)
_CHANGE = (*_MISSING, general.StateConflict)
_MOVE = (*_CHANGE, general.PreconditionRequired, general.VersionMismatch)
_FILES = files("csv", "xlsx", "ndjson")


@router.get(
    "/campaigns",
    responses=answers(Page[wire.CampaignRead], general.NotAcceptable, files=_FILES),
)
async def list_campaigns(
    caller: may.CanReadCampaigns,
    reading: Reading,
    request: Request,
    query: Annotated[wire.CampaignList, Query()],
) -> Response:
    """The campaigns. One of several counties has none of its own (null) and is found by whichever is asked for."""
    listing, found = queries.list_of_campaigns(query)
    return await page_or_file(request, caller, reading, query, listing, found)


@router.post(
    "/campaigns",
    status_code=201,
    responses=answers(
        wire.CampaignRead, general.OutsideScope, general.UnknownReference, status=201
    ),
)
async def create_campaign(
    caller: may.CanEditCampaigns, change: Change, new: wire.CampaignCreate
) -> Answer:
    """Plan a campaign by a version of a protocol. Of several counties: only who reaches all of them."""
    return await actions.create_campaign(change, caller, new)


@router.get(
    "/campaigns/{campaign_id}",
    responses=answers(wire.CampaignRead, problems.CampaignNotFound),
)
async def get_campaign(
    caller: may.CanReadCampaigns, reading: Reading, terms: Terms, campaign_id: Id
) -> Answer:
    """One campaign, with the last days of its stages."""
    return await queries.get_campaign(reading, terms, campaign_id)


@router.patch("/campaigns/{campaign_id}", responses=answers(wire.CampaignRead, *_MOVE))
async def amend_campaign(
    caller: may.CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    patch: wire.CampaignUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a planned campaign by a merge patch. What it counts by stays once it is open."""
    return await actions.amend_campaign(change, caller, campaign_id, patch, if_match)


@router.post(
    "/campaigns/{campaign_id}/open", responses=answers(wire.CampaignRead, *_MOVE)
)
async def open_campaign(
    caller: may.CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    opening: wire.CampaignOpen,
    if_match: IfMatch = None,
) -> Answer:
    """Let a campaign take screenings. Somebody must carry it out."""
    return await actions.open_campaign(
        change, caller, campaign_id, opening, if_match, clock.today()
    )


@router.post(
    "/campaigns/{campaign_id}/close", responses=answers(wire.CampaignRead, *_MOVE)
)
async def close_campaign(
    caller: may.CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    closing: wire.CampaignClose,
    if_match: IfMatch = None,
) -> Answer:
    """End a campaign. It takes no screenings and no selections any more; its numbers stay."""
    return await actions.close_campaign(
        change, caller, campaign_id, closing, if_match, clock.today()
    )


@router.get(
    "/campaigns/{campaign_id}/implementers",
    responses=answers(Page[wire.ImplementerRead], problems.CampaignNotFound),
)
async def list_campaign_implementers(
    caller: may.CanReadCampaigns,
    reading: Reading,
    terms: Terms,
    campaign_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """Who carries a campaign out."""
    return await queries.list_implementers(reading, terms, campaign_id, query)


@router.post(
    "/campaigns/{campaign_id}/implementers",
    status_code=201,
    responses=answers(
        wire.ImplementerRead, *_CHANGE, problems.ImplementerAlreadyAdded, status=201
    ),
)
async def add_campaign_implementer(
    caller: may.CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    new: wire.ImplementerCreate,
) -> Answer:
    """Add somebody who carries a campaign out; screenings name them by this code."""
    return await actions.add_implementer(change, caller, campaign_id, new)


@router.post(
    "/campaigns/{campaign_id}/targets",
    status_code=201,
    responses=answers(
        wire.TargetCreate,
        *_CHANGE,
        problems.CampaignHasOneStage,
        problems.TargetOfUnknownImplementer,
        status=201,
    ),
)
async def set_campaign_target(
    caller: may.CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    new: wire.TargetCreate,
) -> Answer:
    """Say how many are to complete a stage: in all, in a county, or with an implementer."""
    return await actions.set_target(change, caller, campaign_id, new)


@router.get(
    "/campaigns/{campaign_id}/selections",
    responses=answers(
        Page[wire.SelectionRead],
        problems.CampaignNotFound,
        general.NotAcceptable,
        files=_FILES,
    ),
)
async def list_selections(
    caller: may.CanSelectSubjects,
    change: Change,
    request: Request,
    campaign_id: Id,
    query: Annotated[wire.SelectionList, Query()],
) -> Response:
    """Who was selected for stage two in the caller's counties, by which rule, why and by whom; withdrawn ones too."""
    listing, found = await queries.list_selections(change, caller, campaign_id, query)
    return await page_or_file(request, caller, change, query, listing, found)


@router.post(
    "/campaigns/{campaign_id}/selections",
    responses=answers(wire.SelectionsMade, *_CHANGE, problems.CampaignHasOneStage),
)
async def select_subjects(
    caller: may.CanSelectSubjects,
    change: Change,
    campaign_id: Id,
    new: wire.SelectionCreate,
) -> Answer:
    """Select for stage two from who has completed stage one: by the protocol's rule, or by hand with a reason.

    Children who have not completed stage one in the caller's counties are refused, by their place in the request.
    """
    return await actions.select_subjects(change, caller, campaign_id, new)


@router.post(
    "/campaigns/{campaign_id}/selections/{selection_id}/withdraw",
    responses=answers(
        wire.SelectionRead,
        problems.CampaignNotFound,
        problems.SelectionNotFound,
        general.StateConflict,
        general.PreconditionRequired,
        general.VersionMismatch,
        problems.StageTwoBegun,
    ),
)
async def withdraw_selection(
    caller: may.CanSelectSubjects,
    change: Change,
    campaign_id: Id,
    selection_id: Id,
    withdrawing: wire.SelectionWithdraw,
    if_match: IfMatch = None,
) -> Answer:
    """Take a selection back, with a reason, before stage two has begun."""
    return await actions.withdraw_selection(
        change, caller, campaign_id, selection_id, withdrawing, if_match
    )
