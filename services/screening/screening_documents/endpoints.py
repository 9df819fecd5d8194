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
    """A confirmed result as a page for parents, in plain words: what was asked, what
    came out, what to do next and whom to call.

    It has no scores and no name: whoever hands it over writes the child's name on it.
    Whom to call is the institution that screened, as the registry knows it; what is not
    known is left to be written by hand. Each page that is made is on record.
    """
    screening = await get_confirmed(reading, screening_id)
    place = (screening.county_terc, screening.institution_id)
    subject = Subject(f"screenings/{screening_id}/document", screening.version, *place)
    reading.record("get_screening_document", subject)
    # Whoever asks chooses: a family may read another language than its screener.
    accepted = request.headers.get("accept-language", "")
    language = query.language or preferred_language(accepted)
    document = await get_document(reading, screening, language)
    headers = {
        "content-disposition": f'attachment; filename="result-{screening_id}.pdf"',
        "content-language": language,
        "cache-control": "no-store",
    }

    async def drawn() -> bytes:
        # The registry is asked when the connection is given back, the look on record.
        return await _drawn(document, screening.institution_id, language)

    return LateAnswer(drawn, "application/pdf", headers)


async def _drawn(
    document: ResultDocument, institution_id: UUID | None, language: Language
) -> bytes:
    known = institution_id and await find_contact(institution_id)
    if known:
        contact = Contact(known.name, known.address, known.phone or "")
        document = replace(document, contact=contact)
    return await draw_result(document, language)
