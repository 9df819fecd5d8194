"""/screenings/{screening_id}/document."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from services.chassis.data.effects import Subject
from services.chassis.ground.problems import Language
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import problems
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import LateAnswer
from services.chassis.web.units import Audited
from services.screening.demands import CanReadScreenings
from services.screening.peers import find_contact
from services.screening.problems import (
    ResultNotAvailable,
    ResultNotConfirmed,
    ScreeningDocumentUnavailable,
    ScreeningNotFound,
)
from services.screening.screening_documents.drawing import draw_result
from services.screening.screening_documents.queries import get_confirmed, get_document
from services.screening.screening_documents.rules.documents import (
    Contact,
    ResultDocument,
)
from services.screening.screening_documents.schemas import ScreeningDocumentQuery

router = slice_router(prefix="/screenings/{screening_id}", tags=["screenings"])
_PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the result for parents as PDF/UA-1 and PDF/A-2a",
        "content": {
            "application/pdf": {"schema": {"type": "string", "format": "binary"}}
        },
    }
}


@router.get(
    "/document",
    response_class=Response,
    responses={
        **_PDF,
        **problems(
            ScreeningNotFound,
            ResultNotAvailable,
            ResultNotConfirmed,
            ScreeningDocumentUnavailable,
        ),
    },
)
async def get_screening_document(
    caller: CanReadScreenings,
    reading: Audited,
    request: Request,
    screening_id: Id,
    query: Annotated[ScreeningDocumentQuery, Query()],
) -> LateAnswer:
    """A confirmed result as a page for parents, in plain words: the questions, the
    result, the next steps and whom to call.

    It has no scores and no name: the person who hands it over writes the child's name
    on it. The contact is the institution that screened, with the data of the registry;
    unknown parts are left blank, to be filled in by hand. Every page that is made is
    written to the audit log.
    """
    screening = await get_confirmed(reading, screening_id)
    place = (screening.county_terc, screening.institution_id)
    subject = Subject(f"screenings/{screening_id}/document", screening.version, *place)
    reading.record("get_screening_document", subject)
    # The query takes precedence: a family may read another language than its screener.
    accept_language = request.headers.get("accept-language", "")
    language = query.language or preferred_language(accept_language)
    document = await get_document(reading, screening, language)
    headers = {
        "content-disposition": f'attachment; filename="result-{screening_id}.pdf"',
        "content-language": language,
        "cache-control": "no-store",
    }

    async def draw_in_language() -> bytes:
        # By now the audit record is written and the database connection is back in its
        # pool: no connection waits for the registry.
        return await _draw_with_contact(document, screening.institution_id, language)

    return LateAnswer(draw_in_language, "application/pdf", headers)


async def _draw_with_contact(
    document: ResultDocument, institution_id: UUID | None, language: Language
) -> bytes:
    registry_entry = institution_id and await find_contact(institution_id)
    if registry_entry:
        contact = Contact(
            registry_entry.name, registry_entry.address, registry_entry.phone or ""
        )
        document = replace(document, contact=contact)
    return await draw_result(document, language)
