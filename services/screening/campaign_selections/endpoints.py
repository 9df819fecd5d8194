"""/campaigns/{id}/selections: who goes on to stage two."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import (
    Forbidden,
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.screening.campaign_selections import actions, queries
from services.screening.campaign_selections.schemas import (
    SelectionCreate,
    SelectionList,
    SelectionRead,
    SelectionsMade,
    SelectionWithdraw,
)
from services.screening.demands import (
    CanReadSelections,
    CanSelectByHand,
    CanSelectSubjects,
)
from services.screening.problems import (
    CampaignHasOneStage,
    CampaignNotFound,
    SelectionNotFound,
    StageTwoBegun,
)

router = slice_router(tags=["campaigns"])
_FILES = files("csv", "xlsx", "ndjson")


@router.get(
    "/campaigns/{campaign_id}/selections",
    responses=answers(
        Page[SelectionRead],
        CampaignNotFound,
        NotAcceptable,
        files=_FILES,
    ),
)
async def list_selections(
    caller: CanReadSelections,
    change: Change,
    request: Request,
    campaign_id: Id,
    query: Annotated[SelectionList, Query()],
) -> Response:
    """The children selected for stage two in the caller's counties: by which rule, why and by whom.

    Withdrawn selections are listed too.
    """
    # In a transaction, like every read of data about single children.
    selections = await queries.list_selections(change, campaign_id, query)
    return await list_answer(request, change, query, selections)


@router.post(
    "/campaigns/{campaign_id}/selections",
    responses=answers(
        SelectionsMade,
        CampaignNotFound,
        Forbidden,
        OutsideScope,
        StateConflict,
        CampaignHasOneStage,
    ),
)
async def select_subjects(
    caller: CanSelectSubjects,
    change: Change,
    campaign_id: Id,
    new: SelectionCreate,
) -> Answer:
    """Select children who completed stage one for stage two: by the protocol's rule, or by hand.

    A selection by hand needs a reason. A refusal names children who have not completed
    stage one in the caller's counties by their place in the request.

    A programme manager can apply the rule in all counties of the campaign, and gets no
    numbers: how many are selected is published with the funnel.
    """
    result = await actions.select_subjects(change, campaign_id, new)
    return Answer(result.model_dump_json())


@router.get(
    "/campaigns/{campaign_id}/selections/{selection_id}",
    responses=answers(SelectionRead, SelectionNotFound),
)
async def get_selection(
    caller: CanReadSelections,
    reading: Reading,
    terms: Terms,
    campaign_id: Id,
    selection_id: Id,
) -> Answer:
    """One selection, also one that was withdrawn."""
    selection = await queries.get_selection(reading, campaign_id, selection_id)
    return stored_answer(selection, terms)


@router.post(
    "/campaigns/{campaign_id}/selections/{selection_id}/withdraw",
    responses=answers(
        SelectionRead,
        CampaignNotFound,
        SelectionNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
        StageTwoBegun,
    ),
)
async def withdraw_selection(
    caller: CanSelectByHand,
    change: Change,
    campaign_id: Id,
    selection_id: Id,
    withdrawing: SelectionWithdraw,
    if_match: IfMatch = None,
) -> Answer:
    """Take a selection back, with a reason, before stage two has begun."""
    version = expected_version(if_match, selection_id)
    selection = await actions.withdraw_selection(
        change, campaign_id, selection_id, withdrawing, version
    )
    return stored_answer(selection)
