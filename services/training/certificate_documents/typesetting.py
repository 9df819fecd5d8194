"""Rendering of a certificate as a PDF."""

from json import dumps
from pathlib import Path

from pydantic import TypeAdapter

from services.chassis.ground.problems import Language
from services.chassis.typesetting import pdfs
from services.chassis.typesetting.pdfs import letters, qr_code
from services.training.certificate_documents.rules.documents import CertificateDocument
from services.training.certificate_documents.rules.views import certificate_view

TEMPLATE = Path(__file__).with_name("certificate.typ")
_CERTIFICATES = TypeAdapter(CertificateDocument)


def source_of(document: CertificateDocument, language: Language) -> dict[str, str]:
    """The inputs of the template: the certificate as JSON, the QR code as SVG."""
    view = certificate_view(document, language, letters())
    return {
        "certificate": dumps(view, ensure_ascii=False),
        # Made here, so that typst gets a picture and no address.
        "qr": qr_code(document.link),
    }


def compiled(source: dict[str, str]) -> bytes:
    """The PDF made from the template's inputs."""
    return pdfs.compiled(TEMPLATE, source)


def certificate_pdf(document: CertificateDocument, language: Language) -> bytes:
    """A certificate as a PDF; the same certificate gives the same bytes."""
    return compiled(source_of(document, language))


def draw(document: bytes, language: Language) -> bytes:
    """The PDF of a certificate given as JSON; called in a drawing process."""
    return certificate_pdf(_CERTIFICATES.validate_json(document), language)
