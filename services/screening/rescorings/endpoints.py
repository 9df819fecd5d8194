"""/rescorings."""

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
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.screening.demands import CanRescore
from services.screening.problems import RescoringNotFound
from services.screening.rescorings import actions, queries
from services.screening.rescorings.schemas import (
    RescoringCreate,
    RescoringDecisionList,
    RescoringDecisionRead,
    RescoringList,
    RescoringRead,
)

router = slice_router(prefix="/rescorings", tags=["rescorings"])
_CHANGE = (RescoringNotFound, PreconditionRequired, VersionMismatch, StateConflict)


@router.get("", responses=answers(Page[RescoringRead]))
async def list_rescorings(
    caller: CanRescore,
    reading: Reading,
    terms: Terms,
    query: Annotated[RescoringList, Query()],
) -> Answer:
    """Re-scorings of the caller's counties, newest first."""
    rescorings = await queries.list_rescorings(reading, terms, query)
    return page_answer(rescorings, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(RescoringRead, OutsideScope, UnknownReference, status=201),
)
async def create_rescoring(
    caller: CanRescore, change: Change, new: RescoringCreate
) -> Answer:
    """Score a population again by another set of norms, in the background.

    Nothing changes until it is accepted.
    """
    rescoring = await actions.create_rescoring(change, new)
    return created_answer(rescoring, f"/v1/screening/rescorings/{rescoring.key}")


@router.get("/{rescoring_id}", responses=answers(RescoringRead, RescoringNotFound))
async def get_rescoring(
    caller: CanRescore, reading: Reading, terms: Terms, rescoring_id: Id
) -> Answer:
    """One re-scoring: whether it is computed, and how many decisions would change."""
    return stored_answer(await queries.get_rescoring(reading, rescoring_id), terms)


@router.get(
    "/{rescoring_id}/decisions",
    responses=answers(
        Page[RescoringDecisionRead],
        RescoringNotFound,
        NotAcceptable,
        files=files("csv", "xlsx", "ndjson"),
    ),
)
async def list_rescoring_decisions(
    caller: CanRescore,
    reading: Reading,
    request: Request,
    rescoring_id: Id,
    query: Annotated[RescoringDecisionList, Query()],
) -> Response:
    """The present and the new result of every screening.

    With `is_changing=true` only the decisions that change.
    """
    listed = await queries.list_rescoring_decisions(reading, rescoring_id, query)
    return await list_answer(request, reading, query, listed)


@router.post("/{rescoring_id}/accept", responses=answers(RescoringRead, *_CHANGE))
async def accept_rescoring(
    caller: CanRescore, change: Change, rescoring_id: Id, if_match: IfMatch = None
) -> Answer:
    """Replace the results.

    Earlier ones stay readable; a confirmed decision that changes waits to be confirmed
    anew.
    """
    # Of the figures that were read: the version is another one when they are computed.
    version = expected_version(if_match, rescoring_id)
    rescoring = await actions.accept_rescoring(
        change, rescoring_id, version, clock.now()
    )
    return stored_answer(rescoring)


@router.post("/{rescoring_id}/discard", responses=answers(RescoringRead, *_CHANGE))
async def discard_rescoring(
    caller: CanRescore, change: Change, rescoring_id: Id, if_match: IfMatch = None
) -> Answer:
    """Leave every result as it is."""
    version = expected_version(if_match, rescoring_id)
    rescoring = await actions.discard_rescoring(
        change, rescoring_id, version, clock.now()
    )
    return stored_answer(rescoring)
