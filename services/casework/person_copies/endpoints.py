"""/data-subject-requests/{request_id}/export/document."""

from functools import partial
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.casework.data_subject_requests import queries
from services.casework.demands import CanMakeRequests
from services.casework.person_copies.actions import draw_copy
from services.casework.person_copies.schemas import PersonCopyQuery
from services.casework.problems import (
    CopyNotReleased,
    DataSubjectRequestNotFound,
    DocumentUnavailable,
)
from services.casework.reads import record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import problems
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import LateAnswer
from services.chassis.web.units import Audited

_PATH = "data-subject-requests"
router = slice_router(prefix=f"/{_PATH}/{{request_id}}/export", tags=["privacy"])
_PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the copy as PDF/UA-1 and PDF/A-2a",
        "content": {
            "application/pdf": {"schema": {"type": "string", "format": "binary"}}
        },
    }
}
_REFUSALS = (DataSubjectRequestNotFound, Erased, CopyNotReleased, DocumentUnavailable)


@router.get(
    "/document", response_class=Response, responses={**_PDF, **problems(*_REFUSALS)}
)
async def get_export_document(
    caller: CanMakeRequests,
    reading: Audited,
    request: Request,
    request_id: Id,
    query: Annotated[PersonCopyQuery, Query()],
) -> LateAnswer:
    """The same copy as a document that a family can read, print and listen to. Ids that
    link records, which only programs need, are only in the JSON. Accesses to the data
    are counted by day.
    """
    data_request = await queries.get_request(reading, request_id)
    queries.require_released(data_request, caller)
    export = await queries.get_export(reading, data_request.person_id, clock.now())
    subject = Subject(f"{_PATH}/{request_id}/export", county=data_request.county_terc)
    record_read(reading, "get_export_document", subject, [data_request.person_id], None)
    accepted = request.headers.get("accept-language", "")
    language = query.language or preferred_language(accepted)
    headers = {
        "content-disposition": f'attachment; filename="copy-{request_id}.pdf"',
        "content-language": language,
        "cache-control": "no-store",
    }
    # Typeset when it is sent: by then the connection is released,
    # and the access is recorded.
    return LateAnswer(partial(draw_copy, export, language), "application/pdf", headers)
