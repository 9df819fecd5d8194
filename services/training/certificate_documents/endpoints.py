"""/certificates/{certificate_id}/document."""

from functools import partial
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.chassis.data.effects import Subject
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import problems
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import LateAnswer
from services.chassis.web.units import Audited
from services.training.certificate_documents.drawing import draw_certificate
from services.training.certificate_documents.queries import document_of, file_name
from services.training.certificate_documents.schemas import CertificateDocumentQuery
from services.training.certificates.queries import get_certificate
from services.training.demands import CanReadCertificates
from services.training.problems import (
    CertificateDocumentUnavailable,
    CertificateNotFound,
)
from services.training.reads import record_read
from services.training.settings import TrainingSettings

router = slice_router(prefix="/certificates/{certificate_id}", tags=["certificates"])
_PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the certificate as PDF/UA-1 and PDF/A-2a",
        "content": {
            "application/pdf": {"schema": {"type": "string", "format": "binary"}}
        },
    }
}


@router.get(
    "/document",
    response_class=Response,
    responses={**_PDF, **problems(CertificateNotFound, CertificateDocumentUnavailable)},
)
async def get_certificate_document(
    caller: CanReadCertificates,
    reading: Audited,
    request: Request,
    certificate_id: Id,
    query: Annotated[CertificateDocumentQuery, Query()],
) -> LateAnswer:
    """The certificate to print and to keep.

    With a QR code that leads to the page on which anybody verifies it.
    """
    settings: TrainingSettings = request.app.state.settings
    certificate = await get_certificate(reading, certificate_id)
    subject = Subject(f"certificates/{certificate_id}/document")
    people = [certificate.trainee_id]
    record_read(reading, "get_certificate_document", subject, people)
    accept_language = request.headers.get("accept-language", "")
    language = query.language or preferred_language(accept_language)
    document = document_of(certificate, settings.credential_issuer, settings.public_url)
    headers = {
        "content-disposition": f'attachment; filename="{file_name(document)}"',
        "content-language": language,
        "cache-control": "no-store",
    }
    # Rendered while sending: the connection is released and the access audited by then.
    return LateAnswer(
        partial(draw_certificate, document, language), "application/pdf", headers
    )
