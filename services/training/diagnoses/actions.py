"""Every change of a diagnosis: the authority writes it, somebody else decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.training.authorities.actions import require_allowed
from services.training.authorities.queries import lock_worked
from services.training.authorities.rules import WORK_ALLOWED, WorkState
from services.training.diagnoses import queries
from services.training.diagnoses.models import Diagnosis
from services.training.diagnoses.rules.content import (
    DiagnosisContent,
    content_errors,
    missing_sections,
)
from services.training.permissions import Permission
from services.training.problems import DiagnosisIncomplete, SubmitterDecides

# The right to move an authority includes decisions on the evidence of its steps.
_WRITE, _DECIDE = Permission.WRITE_AUTHORITY_WORK, Permission.MOVE_AUTHORITIES


def _record(change: Change, action: str, diagnosis: Diagnosis, event: str) -> None:
    path = f"authorities/{diagnosis.authority_id}/diagnosis"
    subject = Subject(path, diagnosis.version, diagnosis.county_terc)
    # Numbers and ids alone: sections describe poverty and disability.
    detail: dict[str, Any] = {
        "number": diagnosis.number,
        "diagnosis_id": str(diagnosis.id),
    }
    change.record(action, subject, f"diagnosis.{event}", **detail)


async def begin_diagnosis(
    change: Change, authority_id: UUID, content: DiagnosisContent
) -> Stored:
    """Begin the first version, or a new one after the last was accepted."""
    authority = await lock_worked(change, authority_id, _WRITE)
    refuse(*content_errors(content))
    last = await queries.find_newest(change, authority_id)
    # One open version at a time, so that two cannot be decided in parallel.
    if last is not None and last.state != WorkState.ACCEPTED:
        allowed = WORK_ALLOWED[WorkState(last.state)]
        raise StateConflict(state=last.state, allowed=allowed)
    statement = insert(Diagnosis).values(
        county_terc=authority.county_terc,
        authority_id=authority_id,
        number=1 if last is None else last.number + 1,
        content=content.model_dump(mode="json"),
    )
    row = await change.one(statement.returning(*queries.DIAGNOSES.c))
    diagnosis = Diagnosis(**row._mapping)
    _record(change, "begin_diagnosis", diagnosis, "begun")
    return queries.shown(diagnosis)


async def _lock(
    change: Change,
    authority_id: UUID,
    version: int,
    verb: str,
    permission: Permission = _WRITE,
) -> Diagnosis:
    # The lock on the authority's row covers all its work.
    await lock_worked(change, authority_id, permission)
    diagnosis = await queries.get_newest(change, authority_id, permission)
    require_version(diagnosis.version, version)
    require_allowed(diagnosis.state, verb)
    return diagnosis


async def _change(
    change: Change, diagnosis: Diagnosis, verb: str, event: str, **values: Any
) -> Stored:
    stamp = {"version": Diagnosis.version + 1, "changed_at": func.now()}
    statement = update(Diagnosis).where(col(Diagnosis.id) == diagnosis.id)
    statement = statement.values(**values, **stamp)
    row = await change.one(statement.returning(*queries.DIAGNOSES.c))
    after = Diagnosis(**row._mapping)
    _record(change, f"{verb}_diagnosis", after, event)
    return queries.shown(after)


async def revise_diagnosis(
    change: Change, authority_id: UUID, content: DiagnosisContent, version: int
) -> Stored:
    """Replace the content of a draft or returned version."""
    diagnosis = await _lock(change, authority_id, version, "revise")
    refuse(*content_errors(content))
    values = {"content": content.model_dump(mode="json")}
    return await _change(change, diagnosis, "revise", "revised", **values)


async def submit_diagnosis(
    change: Change, authority_id: UUID, version: int, now: datetime
) -> Stored:
    """Submit a version. DiagnosisIncomplete names the sections that it lacks."""
    diagnosis = await _lock(change, authority_id, version, "submit")
    if missing := missing_sections(queries.content_of(diagnosis)):
        raise DiagnosisIncomplete(state=diagnosis.state, missing=missing)
    values = {
        "state": WorkState.SUBMITTED,
        "submitted_at": now,
        "submitted_by": change.caller.subject,
        # The last decision was on the former submission.
        "decided_at": None,
        "decided_by": None,
        "returning_reason": None,
    }
    return await _change(change, diagnosis, "submit", "submitted", **values)


async def decide_diagnosis(
    change: Change,
    authority_id: UUID,
    version: int,
    now: datetime,
    returning_reason: str | None = None,
) -> Stored:
    """Accept a submitted version, or return it for a reason.

    SubmitterDecides where the caller has submitted it.
    """
    verb = "accept" if returning_reason is None else "return"
    diagnosis = await _lock(change, authority_id, version, verb, _DECIDE)
    # Four-eyes principle: a training manager may also write for an authority.
    if diagnosis.submitted_by == change.caller.subject:
        raise SubmitterDecides()
    state = WorkState.RETURNED if returning_reason else WorkState.ACCEPTED
    values = {
        "state": state,
        "decided_at": now,
        "decided_by": change.caller.subject,
        "returning_reason": returning_reason,
    }
    return await _change(change, diagnosis, verb, state.value, **values)
