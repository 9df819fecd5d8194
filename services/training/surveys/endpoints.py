"""/surveys."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import (
    NotAcceptable,
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
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditSurveys, CanReadSurveys
from services.training.problems import SurveyNotFound
from services.training.surveys import actions, queries
from services.training.surveys.schemas import (
    SurveyCreate,
    SurveyEntry,
    SurveyList,
    SurveyRead,
    SurveyUpdate,
)

router = slice_router(prefix="/surveys", tags=["surveys"])
_CHANGE = (SurveyNotFound, StateConflict, PreconditionRequired, VersionMismatch)


@router.get(
    "",
    responses=answers(
        Page[SurveyEntry], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_surveys(
    caller: CanReadSurveys,
    reading: Reading,
    request: Request,
    query: Annotated[SurveyList, Query()],
) -> Response:
    """Surveys of programmes, groups and conferences, the newest first."""
    # Without questions, which are only in the single survey, to keep pages small.
    return await list_answer(request, reading, query, queries.list_surveys(query))


@router.post(
    "", status_code=201, responses=answers(SurveyRead, UnknownReference, status=201)
)
async def plan_survey(
    caller: CanEditSurveys, change: Change, new: SurveyCreate
) -> Answer:
    """Plan a survey with its questions, anonymous or by role."""
    survey = await actions.plan_survey(change, new)
    return created_answer(survey, f"/v1/training/surveys/{survey.key}")


@router.get("/{survey_id}", responses=answers(SurveyRead, SurveyNotFound))
async def get_survey(
    caller: CanReadSurveys, reading: Reading, terms: Terms, survey_id: Id
) -> Answer:
    """One survey with its questions."""
    return stored_answer(await queries.get_survey(reading, survey_id), terms)


# Only before it opens: answers to two wordings could not be counted together.
@router.patch("/{survey_id}", responses=answers(SurveyRead, *_CHANGE))
async def amend_survey(
    caller: CanEditSurveys,
    change: Change,
    survey_id: Id,
    patch: SurveyUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a survey by a merge patch, before it opens."""
    version = expected_version(if_match, survey_id)
    return stored_answer(await actions.amend_survey(change, survey_id, patch, version))


# `close` is in the slice `survey_answers`, since it changes the answers as well.
@router.post("/{survey_id}/open", responses=answers(SurveyRead, *_CHANGE))
async def open_survey(
    caller: CanEditSurveys, change: Change, survey_id: Id, if_match: IfMatch = None
) -> Answer:
    """Open a survey for answers. Its questions can no longer be changed."""
    version = expected_version(if_match, survey_id)
    return stored_answer(await actions.open_survey(change, survey_id, version))
