"""Every change of a survey except closing, which is in `survey_answers`."""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.training.surveys import queries, rules
from services.training.surveys.models import Survey
from services.training.surveys.rules import SURVEY_ALLOWED, SurveyState
from services.training.surveys.schemas import SurveyCreate, SurveyUpdate


async def plan_survey(change: Change, new: SurveyCreate) -> Stored:
    """Plan a survey of one programme, group or conference."""
    values = new.model_dump(mode="json", exclude={*rules.OF_ONE})
    about = new.model_dump(include={*rules.OF_ONE})
    refuse(*rules.wrong_subject(about), *rules.wrong_questions(values["questions"]))
    for name, key in about.items():
        if key is not None and not await queries.subject_exists(change, name, key):
            raise UnknownReference(FieldError("pointer", f"/{name}", "not_found"))
    statement = insert(Survey).values(**values, **about).returning(*queries.STORED)
    survey = await change.stored(statement)
    subject = Subject(f"surveys/{survey.key}", survey.version)
    change.record("plan_survey", subject, "survey.planned")
    return survey


async def lock_for(change: Change, survey_id: UUID, verb: str, version: int) -> Survey:
    """A survey whose state allows the verb, locked; VersionMismatch, StateConflict."""
    survey = await queries.lock_survey(change, survey_id)
    require_version(survey.version, version)
    require_allowed(survey, verb)
    return survey


def require_allowed(survey: Survey, verb: str) -> None:
    """StateConflict unless the survey's state allows the verb."""
    allowed = SURVEY_ALLOWED[SurveyState(survey.state)]
    if verb not in allowed:
        raise StateConflict(state=survey.state, allowed=allowed)


async def change_survey(
    change: Change, survey_id: UUID, action: str, event: str, **values: Any
) -> Stored:
    """Give a locked survey these values and its next version, audited."""
    stamp = {"version": Survey.version + 1, "changed_at": func.now()}
    statement = update(Survey).where(col(Survey.id) == survey_id)
    statement = statement.values(**values, **stamp)
    after = await change.stored(statement.returning(*queries.STORED))
    subject = Subject(f"surveys/{survey_id}", after.version)
    change.record(action, subject, f"survey.{event}")
    return after


async def amend_survey(
    change: Change, survey_id: UUID, patch: SurveyUpdate, version: int
) -> Stored:
    """Change a survey before it opens."""
    survey = await lock_for(change, survey_id, "amend", version)
    # Absent fields inside a question get their defaults, and do not count as unset.
    patched = patch.model_dump(mode="json", include=patch.model_fields_set)
    refuse(*rules.wrong_questions(patched.get("questions", [])))
    before = survey.model_dump()
    # Without a change there is no new version, and ETags stay valid.
    if all(patched[name] == before[name] for name in patched):
        return await queries.get_survey(change, survey_id)
    return await change_survey(change, survey_id, "amend_survey", "changed", **patched)


async def open_survey(change: Change, survey_id: UUID, version: int) -> Stored:
    """Open a survey, with a new key by which each account can answer once."""
    await lock_for(change, survey_id, "open", version)
    values = {"state": SurveyState.OPEN, "answer_key": secrets.token_bytes(32)}
    return await change_survey(change, survey_id, "open_survey", "opened", **values)
