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
    """Re-scorings whose counties are all the caller's, the newest first."""
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
    """Score a population again with another norm set, in the background.

    No result changes until the re-scoring is accepted.
    """
    rescoring = await actions.create_rescoring(change, new)
    return created_answer(rescoring, f"/v1/screening/rescorings/{rescoring.key}")


@router.get("/{rescoring_id}", responses=answers(RescoringRead, RescoringNotFound))
async def get_rescoring(
    caller: CanRescore, reading: Reading, terms: Terms, rescoring_id: Id
) -> Answer:
    """One re-scoring: its state, and how many results would change."""
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

    With `is_changing=true`, only the results that people would read differently.
    """
    decisions = await queries.list_rescoring_decisions(reading, rescoring_id, query)
    return await list_answer(request, reading, query, decisions)


@router.post("/{rescoring_id}/accept", responses=answers(RescoringRead, *_CHANGE))
async def accept_rescoring(
    caller: CanRescore, change: Change, rescoring_id: Id, if_match: IfMatch = None
) -> Answer:
    """Replace the results.

    The earlier results stay readable; a confirmed result that people would read
    differently has to be confirmed again.
    """
    # If-Match names the version whose figures the caller has read: the computation
    # makes a new version.
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
