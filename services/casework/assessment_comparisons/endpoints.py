"""/cases/{case_id}/assessments/comparison."""

from typing import Annotated

from fastapi import Query

from services.casework.assessment_comparisons import queries
from services.casework.assessment_comparisons.schemas import (
    ComparisonQuery,
    ComparisonRead,
)
from services.casework.cases.queries import get_case
from services.casework.demands import CanReadAssessments
from services.casework.permissions import Permission
from services.casework.problems import CaseNotFound
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer
from services.chassis.web.units import Audited

router = slice_router(prefix="/cases/{case_id}/assessments", tags=["assessments"])


@router.get("/comparison", responses=answers(ComparisonRead, CaseNotFound, Erased))
async def compare_assessments(
    caller: CanReadAssessments,
    reading: Audited,
    case_id: Id,
    query: Annotated[ComparisonQuery, Query()],
) -> Answer:
    """The ratings of several assessors of the same child, side by side: the newest
    completed assessment of each.

    For each code: whether they agree, how far apart they are, and whether one rates as
    a barrier what another rates as a facilitator. An assessor who has not specified a
    code neither agrees nor disagrees.
    """
    # By the permission for assessments: permission for the case alone is not enough.
    case = await get_case(reading, case_id, Permission.READ_ASSESSMENTS)
    path = f"cases/{case_id}/assessments/comparison"
    subject = Subject(path, county=case.county_terc)
    people = [case.person_id]
    record_read(reading, "compare_assessments", subject, people, Category.ASSESSMENT)
    comparison = await queries.get_comparison(reading, case, query)
    # No ETag: a comparison of several assessments has no version of its own.
    return Answer(comparison.model_dump_json())
