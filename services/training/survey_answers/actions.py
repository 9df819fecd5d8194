"""Answering and closing surveys, and their results."""

from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import AuditedReading, Change, Stored
from services.chassis.disclosure.cells import FEW
from services.chassis.ground.problems import refuse
from services.chassis.trust.access import reaches
from services.training.permissions import Permission
from services.training.problems import NotAsked, SurveyNotClosed
from services.training.reads import record_read
from services.training.survey_answers import queries, rules, statements
from services.training.survey_answers.models import SurveyAnswer, SurveyParticipation
from services.training.survey_answers.schemas import SurveyAnswerGive, SurveyResults
from services.training.surveys.actions import (
    change_survey,
    lock_for,
    require_allowed,
)
from services.training.surveys.models import Survey
from services.training.surveys.queries import get_survey, get_survey_facts
from services.training.surveys.rules import SurveyState


async def answer_survey(
    change: Change, survey_id: UUID, submission: SurveyAnswerGive
) -> Stored:
    """Store the caller's only answer, without a link to the account.

    NotAsked where it is for people of a group or conference, and not for the caller.
    """
    survey = await get_survey_facts(change, survey_id)
    require_allowed(survey, "answer")
    async with acting_everywhere(change):
        if not await queries.caller_is_asked(change, survey):
            raise NotAsked()
    content = submission.model_dump(mode="json")["answers"]
    refuse(
        *_wrong_role(survey, submission.role),
        *rules.wrong_answers(survey.questions, content),
    )
    key = survey.answer_key or b""
    digest = rules.digest_of(key, change.caller.subject)
    participation = insert(SurveyParticipation)
    await change.execute(participation.values(survey_id=survey_id, digest=digest))
    answer = insert(SurveyAnswer)
    await change.execute(
        answer.values(survey_id=survey_id, role=submission.role, content=content)
    )
    # The record says that the caller answered, and not what.
    change.record("answer_survey", Subject(f"surveys/{survey_id}", survey.version))
    return await get_survey(change, survey_id)


def _wrong_role(survey: Survey, role: str | None) -> list[tuple[str, str]]:
    if not survey.roles:
        return [] if role is None else [("role", "not_allowed")]
    if role is None:
        return [("role", "missing")]
    return [] if role in survey.roles else [("role", "not_listed")]


async def close_survey(change: Change, survey_id: UUID, version: int) -> Stored:
    """Close a survey and delete its key, so that participation cannot be traced."""
    await lock_for(change, survey_id, "close", version)
    deletion = delete(SurveyParticipation)
    await change.execute(
        deletion.where(col(SurveyParticipation.survey_id) == survey_id)
    )
    await change.execute(statements.SHUFFLE, {"survey_id": survey_id})
    values = {"state": SurveyState.CLOSED, "answer_key": None}
    return await change_survey(change, survey_id, "close_survey", "closed", **values)


async def read_results(change: AuditedReading, survey_id: UUID) -> SurveyResults:
    """The publishable results of a closed survey; the access is audited.

    Texts only for callers who may edit surveys. SurveyNotClosed before its end.
    """
    survey = await get_survey_facts(change, survey_id)
    if survey.state != SurveyState.CLOSED:
        raise SurveyNotClosed(state=survey.state)
    with_texts = reaches(change.caller, Permission.EDIT_SURVEYS)
    answers = await queries.list_answers(change, survey_id)
    summaries = [
        rules.summarise(question, answers, survey.roles, with_texts=with_texts)
        for question in survey.questions
    ]
    subject = Subject(f"surveys/{survey_id}/results", survey.version)
    record_read(change, "read_survey_results", subject, [])
    body = {
        "survey_id": survey_id,
        "answers": len(answers) if len(answers) >= FEW else None,
        # As dicts: the model would take named tuples for lists.
        "questions": [_as_dict(each) for each in summaries],
    }
    return SurveyResults.model_validate(body)


def _as_dict(summary: rules.QuestionSummary) -> dict[str, object]:
    tables = [
        {"role": table.role, "cells": [cell._asdict() for cell in table.cells]}
        for table in summary.tables
    ]
    return summary._asdict() | {"tables": tables}
