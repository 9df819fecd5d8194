"""What stands in the document of a certificate."""

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
    # From the row alone: programmes and people are no longer asked.
    content = CertificateContent.model_validate(certificate.content)
    year = certificate.issued_on.year
    return CertificateDocument(
        number=certificate_number(content.programme_code, year, certificate.sequence),
        code=certificate.code,
        name=f"{certificate.given_name} {certificate.family_name}",
        issued_on=certificate.issued_on,
        issuer=issuer,
        # The plain address: a secret on paper would be shown to whoever sees it.
        link=f"{public_url.rstrip('/')}{VERIFY}/{certificate.code}",
        is_revoked=certificate.state == CertificateState.REVOKED,
        content=content,
    )


def file_name(document: CertificateDocument) -> str:
    """What the file is called: nothing in it tells whose it is."""
    return f"certificate-{document.number.replace('/', '-')}.pdf"
