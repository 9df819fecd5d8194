"""The content of a certificate's document."""

from services.training.certificate_disclosures.actions import VERIFY
from services.training.certificate_documents.rules.documents import CertificateDocument
from services.training.certificates.models import Certificate
from services.training.certificates.rules import (
    CertificateContent,
    CertificateState,
    certificate_number,
)


def document_of(
    certificate: Certificate, issuer: str, public_url: str
) -> CertificateDocument:
    """A certificate as it is printed.

    Its QR code leads to the page that verifies it.
    """
    # From the certificate's row alone: later changes elsewhere do not count.
    content = CertificateContent.model_validate(certificate.content)
    year = certificate.issued_on.year
    return CertificateDocument(
        number=certificate_number(content.programme_code, year, certificate.sequence),
        code=certificate.code,
        name=f"{certificate.given_name} {certificate.family_name}",
        issued_on=certificate.issued_on,
        issuer=issuer,
        # The address without a secret: paper would show the secret to anybody.
        link=f"{public_url.rstrip('/')}{VERIFY}/{certificate.code}",
        is_revoked=certificate.state == CertificateState.REVOKED,
        content=content,
    )


def file_name(document: CertificateDocument) -> str:
    """The name of the file, which does not name the holder."""
    return f"certificate-{document.number.replace('/', '-')}.pdf"
