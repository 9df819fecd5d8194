"""/screenings, one by one and in batches, with their results."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis import clock
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change
from services.chassis.exports import files, page_or_file
from services.chassis.listing import Page
from services.chassis.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
    answers,
)
from services.chassis.refusals import preferred_language
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Id
from services.screening.permissions import (
    CanAnnulScreenings,
    CanConfirmScreenings,
    CanReadScreenings,
    CanSubmitScreenings,
)
from services.screening.problems import (
    ChartUnavailable,
    ImplementerElsewhere,
    ImplementerNotInCampaign,
    ResultNotAvailable,
    ScreeningAlreadyRecorded,
    ScreeningNotFound,
    SecondPersonRequired,
    SubjectNotSelected,
)
from services.screening.screenings import actions, queries
from services.screening.screenings.rules.pictures import VEGA_LITE, chosen_picture
from services.screening.screenings.schemas import (
    ComparisonRead,
    ExplanationRead,
    ProfileQuery,
    ProfileRead,
    ResultRead,
    ScreeningAnnul,
    ScreeningConfirm,
    ScreeningConsent,
    ScreeningCreate,
    ScreeningDetail,
    ScreeningList,
    ScreeningRead,
    ScreeningSubmit,
    ScreeningUpdate,
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
_NEW = (OutsideScope, *_IN_CAMPAIGN)
_TABULAR = files("csv", "xlsx", "ndjson")
_PICTURE = {"schema": {"type": "string", "format": "binary"}}


@router.get("", responses=answers(Page[ScreeningRead], NotAcceptable, files=_TABULAR))
async def list_screenings(
    caller: CanReadScreenings,
    change: Change,
    request: Request,
    query: Annotated[ScreeningList, Query()],
) -> Response:
    """Screenings of the caller's counties or institution, newest first; without answers."""
    listing, found = await queries.list_screenings(change, caller, query)
    return await page_or_file(request, caller, change, query, listing, found)


@router.post(
    "",
    status_code=201,
    responses=answers(ScreeningRead, *_NEW, ScreeningAlreadyRecorded, status=201),
)
async def create_screening(
    caller: CanSubmitScreenings, change: Change, new: ScreeningCreate
) -> Answer:
    """Record a screening: a draft, or with `submission` one that is checked, scored and counted at once.

    The day of birth gives the age in completed months and is not kept. Wrong answers are named item by item.
    """
    return await actions.create_screening(change, caller, new, clock.today())


@router.get("/{screening_id}", responses=answers(ScreeningDetail, ScreeningNotFound))
async def get_screening(
    caller: CanReadScreenings, change: Change, terms: Terms, screening_id: Id
) -> Answer:
    """One screening with its answers, by item code."""
    return await queries.get_screening(change, terms, caller, screening_id)


@router.patch("/{screening_id}", responses=answers(ScreeningDetail, *_CHANGE))
async def amend_screening(
    caller: CanSubmitScreenings,
    change: Change,
    screening_id: Id,
    patch: ScreeningUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft by a merge patch. What is submitted is not changed any more: it is annulled and done again."""
    return await actions.amend_screening(change, caller, screening_id, patch, if_match)


@router.post(
    "/{screening_id}/submit", responses=answers(ScreeningRead, *_CHANGE, *_IN_CAMPAIGN)
)
async def submit_screening(
    caller: CanSubmitScreenings,
    change: Change,
    screening_id: Id,
    given: ScreeningSubmit,
    if_match: IfMatch = None,
) -> Answer:
    """Submit a draft: its answers are checked and scored by the norms in force, and it counts in its campaign."""
    return await actions.submit_screening(
        change, caller, screening_id, given, if_match, clock.today()
    )


@router.post(
    "/{screening_id}/confirm",
    responses=answers(ScreeningRead, *_CHANGE, SecondPersonRequired),
)
async def confirm_screening(
    caller: CanConfirmScreenings,
    change: Change,
    screening_id: Id,
    given: ScreeningConfirm,
    if_match: IfMatch = None,
) -> Answer:
    """A person stands by the result. A positive one with consent is told to those who can make a referral of it.

    Two people stand by a positive result: who submitted it, or accepted the re-scoring that it comes of, does not
    confirm it, unless the campaign's protocol says `one_person_may_confirm`.
    """
    return await actions.confirm_screening(
        change, caller, screening_id, given, if_match, clock.now()
    )


@router.post("/{screening_id}/consent", responses=answers(ScreeningDetail, *_CHANGE))
async def record_screening_consent(
    caller: CanConfirmScreenings,
    change: Change,
    screening_id: Id,
    given: ScreeningConsent,
    if_match: IfMatch = None,
) -> Answer:
    """What the guardian said of a referral after the screening was submitted: agreed, refused, or taken back.

    A confirmed positive that has consent from now on is told as one that was confirmed with it (`confirmed-positive`);
    a consent that is taken back is told too (`consent-withdrawn`).
    """
    return await actions.record_consent(
        change, caller, screening_id, given, if_match, clock.now()
    )


@router.post("/{screening_id}/annul", responses=answers(ScreeningRead, *_CHANGE))
async def annul_screening(
    caller: CanAnnulScreenings,
    change: Change,
    screening_id: Id,
    given: ScreeningAnnul,
    if_match: IfMatch = None,
) -> Answer:
    """Annul a screening, with the reason. It does not count any more and stays readable."""
    return await actions.annul_screening(
        change, caller, screening_id, given, if_match, clock.now()
    )


@router.get(
    "/{screening_id}/result",
    responses=answers(ResultRead, ScreeningNotFound, ResultNotAvailable),
)
async def get_screening_result(
    caller: CanReadScreenings, change: Change, terms: Terms, screening_id: Id
) -> Answer:
    """What the answers came to, scale by scale, and what they came to before they were scored again."""
    return await queries.get_result(change, terms, caller, screening_id)


@router.get(
    "/{screening_id}/explanation",
    responses=answers(ExplanationRead, ScreeningNotFound, ResultNotAvailable),
)
async def get_screening_explanation(
    caller: CanReadScreenings, change: Change, screening_id: Id
) -> Answer:
    """The result in words, in Polish and English, and the way from every answer to the scales."""
    return await queries.get_explanation(change, caller, screening_id)


@router.get(
    "/{screening_id}/comparison",
    responses=answers(ComparisonRead, ScreeningNotFound, ResultNotAvailable),
)
async def get_screening_comparison(
    caller: CanReadScreenings, change: Change, screening_id: Id
) -> Answer:
    """The scales of a result beside those of the subject's newest screenings by other informants.

    Of the same version of the instrument, in the same stage of the same campaign, as far as the caller may see them.
    How well informants agree over many subjects, a study tells (`/studies/{id}/agreement`).
    """
    return await queries.get_comparison(change, caller, screening_id)


@router.get(
    "/{screening_id}/profile",
    responses=answers(
        ProfileRead,
        ScreeningNotFound,
        ResultNotAvailable,
        NotAcceptable,
        ChartUnavailable,
        files={
            "image/svg+xml": _PICTURE,
            "image/png": _PICTURE,
            VEGA_LITE: {"schema": {"type": "object"}},
        },
    ),
)
async def get_screening_profile(
    caller: CanReadScreenings,
    change: Change,
    request: Request,
    screening_id: Id,
    query: Annotated[ProfileQuery, Query()],
) -> Answer:
    """The scales of a result side by side: as a Vega-Lite document, SVG or PNG, by `format` or by Accept."""
    kind = chosen_picture(request.headers.get("accept", ""), query.format)
    language = preferred_language(request.headers.get("accept-language", ""))
    return await queries.get_profile(change, caller, screening_id, kind, language)
