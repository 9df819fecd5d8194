"""/surveys/{survey_id}: answers, the end, and the results."""

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
    caller: CanAnswerSurveys, change: Change, survey_id: Id, given: SurveyAnswerGive
) -> Answer:
    """Answer an open survey, once. The answer is kept without the account.

    What one answered cannot be read or changed any more.
    """
    # The survey is answered, and never the answer: not even its id leaves this.
    return stored_answer(await actions.answer_survey(change, survey_id, given))


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
    """End a survey for good. From then on its results can be read."""
    version = expected_version(if_match, survey_id)
    return stored_answer(await actions.close_survey(change, survey_id, version))


@router.get(
    "/results", responses=answers(SurveyResults, SurveyNotFound, SurveyNotClosed)
)
async def read_survey_results(
    caller: CanReadSurveyResults, reading: Audited, survey_id: Id
) -> Answer:
    """The results of a closed survey, without what would tell of fewer than five.

    What people wrote is shown to whoever edits surveys alone.
    """
    # Audited: what people wrote may tell who they are, whatever is left out.
    results = await actions.read_results(reading, survey_id)
    # Kept nowhere: rights to read them may end before a cache does.
    body = results.model_dump_json()
    return Answer(body, headers={"cache-control": "no-store"})
