"""Every change of a study's plan, and what its runs, criteria and exports have in common."""

from collections.abc import Mapping
from dataclasses import replace
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
from services.screening.studies import queries
from services.screening.studies.models import Study
from services.screening.studies.rules import VERBS, StudyState, contradiction
from services.screening.studies.schemas import StudyCreate, StudyUpdate


async def _check_plan(change: Change, plan: Mapping[str, Any]) -> None:
    """ValidationFailed where a plan contradicts itself, UnknownReference without its campaign."""
    if wrong := contradiction(plan):
        refuse(wrong)
    if plan["campaign_id"] is not None:
        await queries.require_campaign(change, plan["campaign_id"])


async def _check_scale(change: Change, new: StudyCreate) -> None:
    """UnknownReference unless the version is published, has this form, and the form this scale."""
    document = await queries.get_definition(
        change, new.instrument_code, new.instrument_version
    )
    forms = {form["code"]: form for form in document["forms"]}
    if new.form_code not in forms:
        raise UnknownReference(FieldError("pointer", "/form_code", "not_found"))
    if new.scale_code not in forms[new.form_code].get("scales", []):
        raise UnknownReference(FieldError("pointer", "/scale_code", "not_found"))


async def create_study(change: Change, new: StudyCreate) -> Stored:
    """Plan a study."""
    await _check_scale(change, new)
    plan = new.model_dump()
    await _check_plan(change, plan)
    statement = insert(Study).values(**plan, created_by=change.caller.subject)
    study_id: UUID = await change.scalar(statement.returning(col(Study.id)))
    # Read anew: what is shown has a part of another table, which RETURNING does not reach.
    study, _ = await queries.get_study(change, study_id)
    subject = Subject(f"studies/{study_id}", study.version)
    change.record("create_study", subject, "study.created")
    return study


def require_allowed(study: Study, verb: str) -> None:
    """StateConflict, with what may be done now, unless the study's state allows this."""
    allowed = VERBS[StudyState(study.state)]
    if verb not in allowed:
        raise StateConflict(state=study.state, allowed=allowed)


async def lock_study_for(
    change: Change, study_id: UUID, verb: str, version: int
) -> Study:
    """The study to change: unchanged since it was read, and in a state that allows it."""
    study = await queries.lock_study(change, study_id)
    require_version(study.version, version)
    require_allowed(study, verb)
    return study


async def change_study(
    change: Change, study_id: UUID, values: Mapping[str, Any]
) -> Subject:
    """Change a study; the subject to be recorded.

    Without values its version alone changes, for something that belongs to it has
    changed.
    """
    stamped = {**values, "version": Study.version + 1, "changed_at": func.now()}
    statement = update(Study).where(col(Study.id) == study_id).values(**stamped)
    version = await change.scalar(statement.returning(col(Study.version)))
    return Subject(f"studies/{study_id}", version)


async def amend_study(
    change: Change, study_id: UUID, patch: StudyUpdate, version: int
) -> queries.CurrentStudy:
    """Change what the patch names of a study that has no results yet."""
    study = await lock_study_for(change, study_id, "amend", version)
    patched = patch.model_dump(exclude_unset=True)
    before = study.model_dump()
    await _check_plan(change, before | patched)
    # A patch that changes nothing leaves the version, and so everybody's ETag, as it is.
    fields = sorted(name for name in patched if patched[name] != before[name])
    if fields:
        # A run that was broken off left the state of its beginning behind.
        values = patched | {"state": StudyState.DRAFT, "job_id": None}
        subject = await change_study(change, study_id, values)
        change.record("amend_study", subject, "study.changed", fields=fields)
    return await queries.get_study(change, study_id)


async def see_every_county(change: Change) -> None:
    """Reach the rows of every county: a study is of the whole country."""
    # Row-level security goes by counties alone and knows no permission.
    await change.act_for(replace(change.caller, counties=frozenset({"*"})))
