"""/surveys/{survey_id}: answer, close and results."""

from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Audited, Change
from services.training.demands import (
    CanAnswerSurveys,
    CanEditSurveys,
    CanReadSurveyResults,
)
from services.training.problems import (
    NotAsked,
    SurveyAnswered,
    SurveyNotClosed,
    SurveyNotFound,
)
from services.training.survey_answers import actions
from services.training.survey_answers.schemas import SurveyAnswerGive, SurveyResults
from services.training.surveys.schemas import SurveyRead

router = slice_router(prefix="/surveys/{survey_id}", tags=["surveys"])


@router.post(
    "/answer",
    responses=answers(
        SurveyRead, SurveyNotFound, StateConflict, NotAsked, SurveyAnswered
    ),
)
async def answer_survey(
    caller: CanAnswerSurveys,
    change: Change,
    survey_id: Id,
    submission: SurveyAnswerGive,
) -> Answer:
    """Answer an open survey, once. The answer is stored without the account.

    An answer can be neither read nor changed afterwards.
    """
    # The response is the survey: neither the stored answer nor its id is returned.
    return stored_answer(await actions.answer_survey(change, survey_id, submission))


@router.post(
    "/close",
    responses=answers(
        SurveyRead,
        SurveyNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def close_survey(
    caller: CanEditSurveys, change: Change, survey_id: Id, if_match: IfMatch = None
) -> Answer:
    """Close a survey for good. From then on its results can be read."""
    version = expected_version(if_match, survey_id)
    return stored_answer(await actions.close_survey(change, survey_id, version))


@router.get(
    "/results", responses=answers(SurveyResults, SurveyNotFound, SurveyNotClosed)
)
async def read_survey_results(
    caller: CanReadSurveyResults, reading: Audited, survey_id: Id
) -> Answer:
    """The results of a closed survey, without those that reveal fewer than five people.

    Texts are only shown to callers who may edit surveys.
    """
    # Audited: a text may identify its author.
    results = await actions.read_results(reading, survey_id)
    # No cache: the right to read results may end.
    body = results.model_dump_json()
    return Answer(body, headers={"cache-control": "no-store"})
