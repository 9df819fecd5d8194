"""Certificates become PDFs in processes of their own.

So that no request waits for another's pages.
"""

from pydantic import TypeAdapter

from services.chassis.ground.problems import Language
from services.chassis.typesetting.drawing import Drawing
from services.training.certificate_documents.rules.documents import CertificateDocument
from services.training.problems import CertificateDocumentUnavailable

# By its name: only the drawing processes have typst in memory.
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
    """End this loop's drawing processes."""
    await DRAWING.stop()
