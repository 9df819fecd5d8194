"""Every query of answers to surveys."""

from uuid import UUID

from sqlalchemy import select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import AuditedReading, Change
from services.training.conference_registrations.queries import REGISTRATIONS
from services.training.conference_registrations.rules import RegistrationState
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import SEATED
from services.training.survey_answers.models import SurveyAnswer
from services.training.survey_answers.rules import AnswerSheet
from services.training.surveys.models import Survey
from services.training.trainees.queries import TRAINEES

_ANSWERS = rows_of(SurveyAnswer)


async def caller_is_asked(change: Change, survey: Survey) -> bool:
    """Whether a survey is for the caller. With every county within reach.

    A group's survey is for people with a seat, a conference's for people with a place,
    a programme's for everybody.
    """
    account = change.caller.subject
    if survey.group_id is not None:
        with_seat = (
            select(ENROLMENTS.c.id)
            .join(TRAINEES, TRAINEES.c.id == ENROLMENTS.c.trainee_id)
            .where(
                ENROLMENTS.c.group_id == survey.group_id,
                ENROLMENTS.c.state.in_(SEATED),
                TRAINEES.c.account == account,
            )
        )
        return await change.find(with_seat) is not None
    if survey.conference_id is not None:
        with_place = select(REGISTRATIONS.c.id).where(
            REGISTRATIONS.c.conference_id == survey.conference_id,
            REGISTRATIONS.c.state == RegistrationState.REGISTERED,
            REGISTRATIONS.c.account == account,
        )
        return await change.find(with_place) is not None
    return True


async def list_answers(change: AuditedReading, survey_id: UUID) -> list[AnswerSheet]:
    """All answers to a survey."""
    statement = select(_ANSWERS.c.role, _ANSWERS.c.content)
    rows = await change.rows(statement.where(_ANSWERS.c.survey_id == survey_id))
    return [AnswerSheet(row.role, row.content) for row in rows]
