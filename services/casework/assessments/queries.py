"""Every query on the assessments."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from services.casework.assessments.models import Assessment
from services.casework.assessments.rules.life import AssessmentState, allowed_verbs
from services.casework.assessments.schemas import (
    AssessmentList,
    AssessmentRead,
    AssessmentSummary,
)
from services.casework.people.queries import get_key, place_of
from services.casework.permissions import Permission
from services.casework.problems import AssessmentNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

ASSESSMENTS = rows_of(Assessment)
_C = ASSESSMENTS.c
# Without guardians: a draft is only for those who work on the case.
_AT_WORK = {"team": _C.case_id, "break_glass": _C.person_id}
_RELATED = {**_AT_WORK, "guardian": _C.person_id}
_LIST = Filtered(
    Listing(
        {name: _C[name] for name in AssessmentSummary.model_fields},
        {"changed_at": _C.changed_at, "assessed_on": _C.assessed_on},
        "-changed_at",
        _C.id,
    ),
    ASSESSMENTS,
    {
        name: Filter(_C[name])
        for name in (
            *("case_id", "person_id", "county_terc"),
            *("kind", "state", "sector", "assessor"),
        )
    },
    county=_C.county_terc,
    objects=_RELATED,
)


def reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    """The assessments that the caller's permission reaches; drafts only for those who
    work on the case.
    """
    reached = within(caller, permission, county=_C.county_terc, objects=_RELATED)
    return and_(reached, _is_ready_for(caller, permission))


def _is_ready_for(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    """SQL condition: a guardian reads no drafts."""
    at_work = within(caller, permission, county=_C.county_terc, objects=_AT_WORK)
    return or_(_C.state != AssessmentState.DRAFT, at_work)


def list_assessments(query: AssessmentList, caller: Caller) -> Listed:
    """The assessments that a list shows."""
    permission = Permission.READ_ASSESSMENTS
    values = {name: getattr(query, name) for name in _LIST.filters}
    listed = filtered(_LIST, values, caller, permission)
    # For everybody else the condition is true for every row, and the cached statement
    # is faster.
    if "guardian" not in caller.relations.get(permission, ()):
        return listed
    return listed.where(_is_ready_for(caller, permission))


def _select(assessment_id: UUID, caller: Caller, permission: Permission) -> Rows:
    statement: Rows = select(ASSESSMENTS)
    return statement.where(_C.id == assessment_id, reach(caller, permission))


async def get_assessment(
    reading: Reading,
    assessment_id: UUID,
    permission: Permission = Permission.READ_ASSESSMENTS,
) -> Assessment:
    """One assessment within the caller's reach."""
    statement = _select(assessment_id, reading.caller, permission)
    return await reading.instance(Assessment, statement, AssessmentNotFound)


async def lock_assessment(change: Change, assessment_id: UUID) -> Assessment:
    """One assessment that the caller may edit, locked until the transaction ends."""
    permission = Permission.EDIT_ASSESSMENTS
    statement = _select(assessment_id, change.caller, permission).with_for_update()
    return await change.instance(Assessment, statement, AssessmentNotFound)


def opened(assessment: Assessment, key: bytes) -> dict[str, Any]:
    """The opened content of an assessment: findings, strengths, needs,
    and why it was annulled.
    """
    place = place_of("assessments", assessment.id)
    return unseal(key, place, assessment.sealed)


async def get_shown(reading: Reading, assessment: Assessment) -> Stored:
    """An assessment as it is shown."""
    content = opened(assessment, await get_key(reading, assessment.person_id))
    facts = assessment.model_dump(include={*AssessmentSummary.model_fields})
    allowed = allowed_verbs(AssessmentState(assessment.state))
    body = AssessmentRead.model_validate({**facts, **content, "allowed": allowed})
    return Stored(assessment.id, assessment.version, body.model_dump_json())
