"""/screenings: recorded, amended, submitted and listed."""

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
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.expand_parameter import Expand
from services.chassis.web.expanding import opened
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.screening.demands import CanReadScreenings, CanSubmitScreenings
from services.screening.problems import (
    ImplementerElsewhere,
    ImplementerNotInCampaign,
    ScreeningAlreadyRecorded,
    ScreeningNotFound,
    SubjectNotSelected,
)
from services.screening.screenings import actions, queries
from services.screening.screenings.schemas import (
    ListedScreening,
    ScreeningCreate,
    ScreeningDetail,
    ScreeningList,
    ScreeningRecorded,
    ScreeningSubmit,
    ScreeningUpdate,
    ShownScreening,
)

router = slice_router(prefix="/screenings", tags=["screenings"])
_CHANGE = (
    ScreeningNotFound,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
    StateConflict,
)
_IN_CAMPAIGN = (
    UnknownReference,
    StateConflict,
    ImplementerNotInCampaign,
    ImplementerElsewhere,
    SubjectNotSelected,
)
_NEW = (OutsideScope, *_IN_CAMPAIGN, ScreeningAlreadyRecorded)
_TABULAR = files("csv", "xlsx", "ndjson")


@router.get("", responses=answers(Page[ListedScreening], NotAcceptable, files=_TABULAR))
async def list_screenings(
    caller: CanReadScreenings,
    reading: Reading,
    request: Request,
    query: Annotated[ScreeningList, Query()],
) -> Response:
    """Screenings of the caller's counties or institution, newest first.

    Without answers.
    """
    screenings = queries.list_screenings(reading, query)
    return await list_answer(request, reading, query, screenings)


@router.post(
    "", status_code=201, responses=answers(ScreeningRecorded, *_NEW, status=201)
)
async def create_screening(
    caller: CanSubmitScreenings, change: Change, new: ScreeningCreate
) -> Answer:
    """Record a screening: a draft, or with `submission` a screening that is checked,
    scored and counted at once.

    The day of birth gives the age in completed months and is not stored. A refusal
    names wrong answers item by item. `warnings` show contradictions to other screenings
    of the subject: one child has one sex and one month of birth.
    """
    # The civil day, by which ages are counted: around midnight it differs from
    # the UTC day.
    screening = await actions.create_screening(change, new, clock.today())
    return created_answer(screening, f"/v1/screening/screenings/{screening.key}")


@router.get("/{screening_id}", responses=answers(ShownScreening, ScreeningNotFound))
async def get_screening(
    caller: CanReadScreenings,
    reading: Reading,
    terms: Terms,
    screening_id: Id,
    expand: Expand = None,
) -> Answer:
    """One screening with its answers, by item code."""
    screening = await queries.get_screening(reading, screening_id)
    expanded_screening = await opened(reading, screening, expand, queries.EXPANSIONS)
    # An expanded campaign can change without a new version of the screening: no ETag
    # for both.
    return stored_answer(expanded_screening, None if expand else terms)


@router.patch("/{screening_id}", responses=answers(ScreeningDetail, *_CHANGE))
async def amend_screening(
    caller: CanSubmitScreenings,
    change: Change,
    screening_id: Id,
    patch: ScreeningUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft by a merge patch.

    A submitted screening cannot be changed: it is sent back first, or annulled and
    recorded again.
    """
    version = expected_version(if_match, screening_id)
    screening = await actions.amend_screening(change, screening_id, patch, version)
    return stored_answer(screening)


@router.post(
    "/{screening_id}/submit",
    responses=answers(ScreeningRecorded, *_CHANGE, *_IN_CAMPAIGN),
)
async def submit_screening(
    caller: CanSubmitScreenings,
    change: Change,
    screening_id: Id,
    submission: ScreeningSubmit,
    if_match: IfMatch = None,
) -> Answer:
    """Submit a draft: its answers are checked and scored by the norms in force, and it
    counts in its campaign. `warnings` are those of recording a screening.
    """
    version = expected_version(if_match, screening_id)
    screening = await actions.submit_screening(
        change, screening_id, submission, version, clock.today()
    )
    return stored_answer(screening)
