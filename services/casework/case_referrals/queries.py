"""Data that are needed before a child is referred to a support service."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, literal, or_, select, union_all

from services.casework.assessments.models import Assessment
from services.casework.cases.models import Case
from services.casework.documents.models import Document
from services.casework.documents.rules.kinds import DocumentOutcome
from services.casework.plan_recommendations.models import Recommendation
from services.casework.plans.models import Plan
from services.casework.reads import Category
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.chassis.ground.problems import FieldError, UnknownReference

_ASSESSMENTS = rows_of(Assessment)
_DOCUMENTS = rows_of(Document)
_PLANS = rows_of(Plan)
_RECOMMENDATIONS = rows_of(Recommendation)


async def list_valid_kinds(
    reading: Reading, person_id: UUID, day: date
) -> Sequence[str]:
    """The kinds of a child's documents that are valid on a day, without those that
    found no need.
    """
    columns = _DOCUMENTS.c
    statement = select(columns.kind).where(
        columns.person_id == person_id,
        # A document that is only applied for has no day of issue, and is left out.
        columns.issued_on <= day,
        or_(columns.valid_to.is_(None), columns.valid_to >= day),
        # Other kinds of documents have no outcome, and a comparison with NULL would
        # leave them out.
        func.coalesce(columns.outcome != DocumentOutcome.NEED_NOT_FOUND, True),
    )
    return await reading.scalars(statement.distinct())


async def require_recommendation(
    reading: Reading, case: Case, recommendation_id: UUID
) -> None:
    """UnknownReference unless the recommendation belongs to a plan of the case."""
    columns = _RECOMMENDATIONS.c
    statement = select(columns.id).where(
        columns.id == recommendation_id, columns.case_id == case.id
    )
    if await reading.find(statement) is None:
        raise UnknownReference(FieldError("pointer", "/recommendation_id", "not_found"))


async def list_references(
    reading: Reading, case: Case, categories: Collection[Category]
) -> list[dict[str, str]]:
    """The ids of the child's data in these categories: completed assessments,
    documents, and the active plan, each as `{"category": …, "id": …}`.
    """
    # No drafts and no other plans: those are only for the team.
    assessed = select(
        literal(Category.ASSESSMENT.value).label("category"), _ASSESSMENTS.c.id
    ).where(_ASSESSMENTS.c.case_id == case.id, _ASSESSMENTS.c.state == "completed")
    documented = select(literal(Category.DOCUMENTS.value), _DOCUMENTS.c.id).where(
        _DOCUMENTS.c.person_id == case.person_id
    )
    planned = select(literal(Category.PLAN.value), _PLANS.c.id).where(
        _PLANS.c.case_id == case.id, _PLANS.c.state == "active"
    )
    references = union_all(assessed, documented, planned).subquery()
    is_in_categories = references.c.category.in_(
        [category.value for category in categories]
    )
    rows = await reading.rows(
        select(references)
        .where(is_in_categories)
        .order_by(references.c.category, references.c.id)
    )
    return [{"category": row.category, "id": str(row.id)} for row in rows]
