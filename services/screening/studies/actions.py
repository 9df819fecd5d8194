"""Every change of a study's plan, and the functions that its runs, criteria and exports share."""

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
    """ValidationFailed if a plan contradicts itself, UnknownReference if its campaign
    does not exist.
    """
    if wrong := contradiction(plan):
        refuse(wrong)
    if plan["campaign_id"] is not None:
        await queries.require_campaign(change, plan["campaign_id"])


async def _check_scale(change: Change, new: StudyCreate) -> None:
    """UnknownReference unless the version is published or retired, it has the form, and
    the form has the scale.
    """
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
    # Read again: the answer has a part from another table, which RETURNING cannot give.
    study, _ = await queries.get_study(change, study_id)
    subject = Subject(f"studies/{study_id}", study.version)
    change.record("create_study", subject, "study.created")
    return study


def require_allowed(study: Study, verb: str) -> None:
    """StateConflict with the allowed verbs, unless the study's state allows this verb."""
    allowed = VERBS[StudyState(study.state)]
    if verb not in allowed:
        raise StateConflict(state=study.state, allowed=allowed)


async def lock_study_for(
    change: Change, study_id: UUID, verb: str, version: int
) -> Study:
    """The study, locked: unchanged since the caller read it, and in a state that allows
    the verb.
    """
    study = await queries.lock_study(change, study_id)
    require_version(study.version, version)
    require_allowed(study, verb)
    return study


async def change_study(
    change: Change, study_id: UUID, values: Mapping[str, Any]
) -> Subject:
    """Change a study; returns the subject for its audit record and event.

    Without values only the version changes, because data that belong to the
    study have changed.
    """
    columns = {**values, "version": Study.version + 1, "changed_at": func.now()}
    statement = update(Study).where(col(Study.id) == study_id).values(**columns)
    version = await change.scalar(statement.returning(col(Study.version)))
    return Subject(f"studies/{study_id}", version)


async def amend_study(
    change: Change, study_id: UUID, patch: StudyUpdate, version: int
) -> queries.CurrentStudy:
    """Change the fields in the patch of a study that has no results yet."""
    study = await lock_study_for(change, study_id, "amend", version)
    patch_values = patch.model_dump(exclude_unset=True)
    current_values = study.model_dump()
    await _check_plan(change, current_values | patch_values)
    # A patch that changes nothing leaves the version, and so all ETags, as they are.
    fields = sorted(
        name for name in patch_values if patch_values[name] != current_values[name]
    )
    if fields:
        # A run that failed or was cancelled has left the state `running` in the row.
        values = patch_values | {"state": StudyState.DRAFT, "job_id": None}
        subject = await change_study(change, study_id, values)
        change.record("amend_study", subject, "study.changed", fields=fields)
    return await queries.get_study(change, study_id)


async def see_every_county(change: Change) -> None:
    """Extend the transaction's row scope to every county, because a study is of the
    whole country.
    """
    # Row-level security depends on counties only, not on permissions.
    await change.act_for(replace(change.caller, counties=frozenset({"*"})))
