"""The assessments of a case side by side."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from services.casework.assessment_comparisons.schemas import (
    AgreementRead,
    ComparedAssessment,
    ComparedFinding,
    ComparisonQuery,
    ComparisonRead,
)
from services.casework.assessments.models import Assessment
from services.casework.assessments.queries import ASSESSMENTS, opened, reach
from services.casework.assessments.rules.comparisons import (
    Comparison,
    agreement,
    compare,
)
from services.casework.assessments.rules.findings import Findings, ratings_of
from services.casework.assessments.rules.life import AssessmentState
from services.casework.cases.models import Case
from services.casework.cases.rules import Subject
from services.casework.people.queries import get_key
from services.casework.permissions import Permission
from services.chassis.data.work import Reading

_C = ASSESSMENTS.c


async def get_comparison(
    reading: Reading, case: Case, query: ComparisonQuery
) -> ComparisonRead:
    """The newest completed assessment of each assessor, side by side."""
    assessments = await _list_newest(reading, case.id, query)
    key = await get_key(reading, case.person_id)
    findings: Mapping[str, Findings] = {
        str(each.id): opened(each, key)["findings"] for each in assessments
    }
    compared = {
        subject: compare(
            {name: ratings_of(content, subject) for name, content in findings.items()}
        )
        for subject in Subject
    }
    of_all = agreement([each for some in compared.values() for each in some])
    share = of_all.share
    return ComparisonRead(
        assessments=[
            ComparedAssessment.model_validate(assessment.model_dump())
            for assessment in assessments
        ],
        findings=[
            _finding_of(subject, each)
            for subject, some in compared.items()
            for each in some
        ],
        agreement=AgreementRead(
            **of_all._asdict(), share=None if share is None else float(share)
        ),
    )


async def _list_newest(
    reading: Reading, case_id: UUID, query: ComparisonQuery
) -> Sequence[Assessment]:
    # A draft may still change, and an annulled assessment no longer counts.
    narrowed = [_C.case_id == case_id, _C.state == AssessmentState.COMPLETED]
    if query.kind is not None:
        narrowed.append(_C.kind == query.kind)
    if query.assessed_from is not None:
        narrowed.append(_C.assessed_on >= query.assessed_from)
    if query.assessed_to is not None:
        narrowed.append(_C.assessed_on <= query.assessed_to)
    statement = (
        select(ASSESSMENTS)
        .where(reach(reading.caller, Permission.READ_ASSESSMENTS), *narrowed)
        .order_by(_C.assessed_on, _C.completed_at, _C.id)
    )
    rows = await reading.rows(statement)
    # The newest rows come last, so the last row of each assessor stays in the dict.
    newest = {row.assessor: Assessment(**row._mapping) for row in rows}
    # Sorted by day: the dict keeps the order of each assessor's first assessment.
    return sorted(
        newest.values(), key=lambda assessment: (assessment.assessed_on, assessment.id)
    )


def _finding_of(subject: Subject, compared: Comparison) -> ComparedFinding:
    qualifiers = {UUID(name): value for name, value in compared.qualifiers.items()}
    return ComparedFinding(
        subject=subject,
        code=compared.rated.code,
        kind=compared.rated.kind,
        qualifiers=qualifiers,
        verdict=compared.verdict,
        distance=compared.distance,
        is_opposite=compared.is_opposite,
    )
