"""/assessments."""

from typing import Annotated

from fastapi import Query

from services.casework.assessments import actions, queries
from services.casework.assessments.schemas import (
    Annulment,
    AssessmentCreate,
    AssessmentList,
    AssessmentRead,
    AssessmentSummary,
    AssessmentUpdate,
)
from services.casework.demands import CanEditAssessments, CanReadAssessments
from services.casework.problems import (
    AssessmentNotFound,
    AssessmentNotReady,
    CaseNotFound,
    NotOwnAssessment,
    ProcessingRestricted,
)
from services.casework.reads import Category, Look, read_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

# Nothing sealed: a list shows no findings, so no key is opened for it.
_LOOK = Look("list_assessments", "assessments", Category.ASSESSMENT)
_CHANGED = (
    AssessmentNotFound,
    NotOwnAssessment,
    Erased,
    ProcessingRestricted,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)
router = slice_router(prefix="/assessments", tags=["assessments"])


@router.get("", responses=answers(Page[AssessmentSummary]))
async def list_assessments(
    caller: CanReadAssessments,
    reading: Audited,
    terms: Terms,
    query: Annotated[AssessmentList, Query()],
) -> Answer:
    """Assessments within the caller's reach, the last changed first. A guardian is
    shown no drafts.
    """
    listed = queries.list_assessments(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        AssessmentRead,
        CaseNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        status=201,
    ),
)
async def draft_assessment(
    caller: CanEditAssessments, change: Change, new: AssessmentCreate
) -> Answer:
    """Begin an assessment of one's own, in a case that has a legal basis.

    A finding is a code of the International Classification of Functioning with its
    qualifiers, about the child, the pupil, the family or the environment. Body
    functions and structures have an extent, activities have performance and capacity,
    and the environment is a barrier (`2`) or a facilitator (`+2`).
    """
    assessment = await actions.draft_assessment(change, new, clock.today())
    return created_answer(assessment, f"/v1/casework/assessments/{assessment.key}")


@router.get(
    "/{assessment_id}", responses=answers(AssessmentRead, AssessmentNotFound, Erased)
)
async def get_assessment(
    caller: CanReadAssessments, reading: Audited, terms: Terms, assessment_id: Id
) -> Answer:
    """One assessment. Where it follows a screening, the result is read in the screening
    service, with the caller's own permissions there.
    """
    assessment = await queries.get_assessment(reading, assessment_id)
    subject = Subject(f"assessments/{assessment_id}", county=assessment.county_terc)
    people = [assessment.person_id]
    # Committed before the first byte is sent:
    # no data are shown without an audit record.
    record_read(reading, "get_assessment", subject, people, Category.ASSESSMENT)
    return stored_answer(await queries.get_shown(reading, assessment), terms)


@router.patch("/{assessment_id}", responses=answers(AssessmentRead, *_CHANGED))
async def amend_assessment(
    caller: CanEditAssessments,
    change: Change,
    assessment_id: Id,
    patch: AssessmentUpdate,
    # A default, so that its absence is answered with 428 and not with 422.
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft of one's own by a merge patch."""
    version = expected_version(if_match, assessment_id)
    assessment = await actions.amend_assessment(
        change, assessment_id, patch, version, clock.today()
    )
    return stored_answer(assessment)


@router.post(
    "/{assessment_id}/complete",
    responses=answers(AssessmentRead, *_CHANGED, AssessmentNotReady),
)
async def complete_assessment(
    caller: CanEditAssessments,
    change: Change,
    assessment_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Complete a draft of one's own, with at least one finding and one strength. It is
    not changed afterwards.
    """
    version = expected_version(if_match, assessment_id)
    assessment = await actions.complete_assessment(
        change, assessment_id, version, clock.now()
    )
    return stored_answer(assessment)


@router.post("/{assessment_id}/annul", responses=answers(AssessmentRead, *_CHANGED))
async def annul_assessment(
    caller: CanEditAssessments,
    change: Change,
    assessment_id: Id,
    # In the body: URLs are logged, and a reason may reveal something about the child.
    annulment: Annulment,
    if_match: IfMatch = None,
) -> Answer:
    """Annul an assessment, with a reason: one's own, or, as a coordinator of the
    county, anybody's.
    """
    version = expected_version(if_match, assessment_id)
    assessment = await actions.annul_assessment(
        change, assessment_id, annulment.reason, version
    )
    return stored_answer(assessment)
