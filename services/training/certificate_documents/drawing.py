"""Certificates are rendered as PDFs in separate processes, so that no request waits for
the pages of another.
"""

from pydantic import TypeAdapter

from services.chassis.ground.problems import Language
from services.chassis.typesetting.drawing import Drawing
from services.training.certificate_documents.rules.documents import CertificateDocument
from services.training.problems import CertificateDocumentUnavailable

# By module name: only the drawing processes load typst.
DRAWING = Drawing(
    "services.training.certificate_documents.typesetting",
    CertificateDocumentUnavailable,
)
_CERTIFICATES = TypeAdapter(CertificateDocument)


async def draw_certificate(document: CertificateDocument, language: Language) -> bytes:
    """A certificate as a PDF (PDF/UA-1 and PDF/A-2a).

    CertificateDocumentUnavailable when the drawing process does not answer.
    """
    return await DRAWING.draw(_CERTIFICATES.dump_json(document), language)


async def stop_drawing() -> None:
    """Stop the drawing processes of this event loop."""
    await DRAWING.stop()
