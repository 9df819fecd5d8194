"""Every change of an assessment."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.assessments import queries
from services.casework.assessments.models import Assessment
from services.casework.assessments.rules.findings import finding_errors
from services.casework.assessments.rules.life import (
    TRANSITIONS,
    AssessmentState,
    AssessmentVerb,
    allowed_verbs,
    missing,
)
from services.casework.assessments.schemas import AssessmentCreate, AssessmentUpdate
from services.casework.cases.actions import require_open
from services.casework.cases.models import Case
from services.casework.cases.queries import get_case, lock_case
from services.casework.cases.rules import CaseState
from services.casework.cases.rules import allowed_verbs as allowed_of_case
from services.casework.people.queries import KnownPerson, lock_person, place_of
from services.casework.permissions import Permission
from services.casework.problems import AssessmentNotReady, NotOwnAssessment
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import reaches
from services.chassis.trust.vault import seal

_EDIT = Permission.EDIT_ASSESSMENTS
_SEALED = ("findings", "strengths", "needs")


def record_change(
    change: Change, action: str, assessment: Assessment, event: str, **detail: Any
) -> None:
    """The audit record and the event of an assessment's newest version."""
    path = f"assessments/{assessment.id}"
    subject = Subject(path, assessment.version, assessment.county_terc)
    people = [str(assessment.person_id)]
    detail = {"kind": assessment.kind, **detail}
    change.record(action, subject, f"assessment.{event}", **detail, people=people)


async def draft_assessment(
    change: Change, new: AssessmentCreate, today: date
) -> Stored:
    """Begin an assessment by the caller in a case that is being worked on."""
    # The child is locked before the case, in the same order as in erasures.
    visible_case = await get_case(change, new.case_id, _EDIT)
    record = await _lock_child(change, visible_case.person_id)
    case = await lock_case(change, new.case_id, _EDIT)
    _require_workable(case)
    content = new.model_dump(mode="json", include={*_SEALED})
    _require_right(content, new.assessed_on, today)
    # The id is made first: the sealed fields are bound to it.
    assessment_id: UUID = await change.scalar(func.uuidv7().select())
    place = place_of("assessments", assessment_id)
    values = new.model_dump(exclude={*_SEALED}) | {
        "id": assessment_id,
        "county_terc": case.county_terc,
        "person_id": case.person_id,
        "state": AssessmentState.DRAFT,
        "assessor": change.caller.subject,
        "institution_id": change.caller.institution_id,
        # `annulled_because` is there from the beginning: the sealed fields are the same
        # in every state.
        "sealed": seal(record.key, place, {**content, "annulled_because": None}),
    }
    statement = insert(Assessment).values(**values).returning(*queries.ASSESSMENTS.c)
    assessment = Assessment(**(await change.one(statement))._mapping)
    record_change(change, "draft_assessment", assessment, "drafted")
    return await queries.get_shown(change, assessment)


async def _lock_child(change: Change, person_id: UUID) -> KnownPerson:
    """The child whom an assessment is about, locked; Erased or ProcessingRestricted.

    The permission to edit was checked on the case, so here the permission to read the
    child is enough. Locked before the assessment,
    in the same order as erasures and merges.
    """
    return await lock_person(change, person_id, Permission.READ_PEOPLE)


def _require_workable(case: Case) -> None:
    """StateConflict while the case is a draft without a legal basis,
    and after it has ended.
    """
    require_open(case)
    if case.state == CaseState.DRAFT:
        allowed = allowed_of_case(CaseState.DRAFT)
        raise StateConflict(state=case.state, allowed=allowed)


def _require_right(content: dict[str, Any], assessed_on: date, today: date) -> None:
    wrong = finding_errors(content["findings"])
    if assessed_on > today:
        wrong.append(("assessed_on", "in_future"))
    refuse(*wrong)


class _Locked(NamedTuple):
    """An assessment that is to change, its opened content, and the key that seals it."""

    assessment: Assessment
    content: dict[str, Any]
    key: bytes


async def _lock(
    change: Change, assessment_id: UUID, verb: AssessmentVerb, version: int
) -> _Locked:
    """One assessment on which the caller may carry out the verb, locked;
    NotOwnAssessment or StateConflict.

    The assessor may do everything; coordinators of the county may annul the assessments
    of others.
    """
    current = await queries.get_assessment(change, assessment_id, _EDIT)
    record = await _lock_child(change, current.person_id)
    assessment = await queries.lock_assessment(change, assessment_id)
    require_version(assessment.version, version)
    is_own = assessment.assessor == change.caller.subject
    # By the county alone: other members of the team cannot annul
    # a colleague's assessment.
    answers_for = reaches(change.caller, _EDIT, county=assessment.county_terc)
    if not is_own and not (verb is AssessmentVerb.ANNUL and answers_for):
        raise NotOwnAssessment()
    state = AssessmentState(assessment.state)
    if verb not in TRANSITIONS[state]:
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    # A mistake is annulled even when the case is over.
    if verb is not AssessmentVerb.ANNUL:
        _require_workable(await get_case(change, assessment.case_id, _EDIT))
    return _Locked(assessment, queries.opened(assessment, record.key), record.key)


async def _write(
    change: Change, locked: _Locked, content: dict[str, Any], **values: Any
) -> Assessment:
    """Give an assessment this content, these values, and its next version."""
    place = place_of("assessments", locked.assessment.id)
    statement = (
        update(Assessment)
        .where(col(Assessment.id) == locked.assessment.id)
        .values(
            **values,
            sealed=seal(locked.key, place, content),
            version=Assessment.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.ASSESSMENTS.c)
    )
    return Assessment(**(await change.one(statement))._mapping)


async def amend_assessment(
    change: Change,
    assessment_id: UUID,
    patch: AssessmentUpdate,
    version: int,
    today: date,
) -> Stored:
    """Change the fields named in the patch, in a draft of the caller's own."""
    locked = await _lock(change, assessment_id, AssessmentVerb.AMEND, version)
    patched = patch.model_dump(mode="json", include={*_SEALED}, exclude_unset=True)
    values = patch.model_dump(exclude={*_SEALED}, exclude_unset=True)
    content = {**locked.content, **patched}
    assessed_on = values.get("assessed_on", locked.assessment.assessed_on)
    _require_right(content, assessed_on, today)
    after = await _write(change, locked, content, **values)
    # Field names only: the audit log and the events never hold findings.
    fields = sorted(patch.model_fields_set)
    record_change(change, "amend_assessment", after, "changed", fields=fields)
    return await queries.get_shown(change, after)


async def complete_assessment(
    change: Change, assessment_id: UUID, version: int, now: datetime
) -> Stored:
    """Complete a draft of the caller's own; AssessmentNotReady names what it lacks."""
    locked = await _lock(change, assessment_id, AssessmentVerb.COMPLETE, version)
    content = locked.content
    lacking = missing(content["findings"], content["strengths"])
    if lacking:
        raise AssessmentNotReady(missing=lacking)
    state = AssessmentState.COMPLETED
    after = await _write(change, locked, content, state=state, completed_at=now)
    record_change(change, "complete_assessment", after, "completed")
    return await queries.get_shown(change, after)


async def annul_assessment(
    change: Change, assessment_id: UUID, reason: str, version: int
) -> Stored:
    """Annul an assessment. It stays readable, with the reason."""
    locked = await _lock(change, assessment_id, AssessmentVerb.ANNUL, version)
    content = {**locked.content, "annulled_because": reason}
    after = await _write(change, locked, content, state=AssessmentState.ANNULLED)
    record_change(change, "annul_assessment", after, "annulled")
    return await queries.get_shown(change, after)
