"""/plans/{plan_id}/document."""

from functools import partial
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.casework.demands import CanReadPlans
from services.casework.plan_documents.drawing import draw_plan
from services.casework.plan_documents.queries import file_name, get_document
from services.casework.plan_documents.schemas import PlanDocumentQuery
from services.casework.plans.queries import get_plan
from services.casework.problems import DocumentUnavailable, PlanNotFound
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import problems
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import LateAnswer
from services.chassis.web.units import Audited

router = slice_router(prefix="/plans/{plan_id}", tags=["plans"])
_PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the plan as PDF/UA-1 and PDF/A-2a",
        "content": {
            "application/pdf": {"schema": {"type": "string", "format": "binary"}}
        },
    }
}


@router.get(
    "/document",
    response_class=Response,
    responses={**_PDF, **problems(PlanNotFound, Erased, DocumentUnavailable)},
)
async def get_plan_document(
    caller: CanReadPlans,
    reading: Audited,
    request: Request,
    plan_id: Id,
    query: Annotated[PlanDocumentQuery, Query()],
) -> LateAnswer:
    """The plan as a document that a family can read, keep and listen to: goals with a
    chart of their progress, who does what by when, and a last page for the fridge with
    the next steps.
    """
    plan = await get_plan(reading, plan_id)
    subject = Subject(f"plans/{plan_id}/document", county=plan.county_terc)
    record_read(reading, "get_plan_document", subject, [plan.person_id], Category.PLAN)
    # The caller chooses the language: a family may read another language
    # than its coordinator.
    accepted = request.headers.get("accept-language", "")
    language = query.language or preferred_language(accepted)
    document = await get_document(reading, plan, language, clock.today())
    headers = {
        "content-disposition": f'attachment; filename="{file_name(document)}"',
        "content-language": language,
        "cache-control": "no-store",
    }
    # Typeset when it is sent: by then the connection is released,
    # and the access is recorded.
    return LateAnswer(
        partial(draw_plan, document, language), "application/pdf", headers
    )
