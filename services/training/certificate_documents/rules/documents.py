"""The content of a printed certificate. Pure."""

from dataclasses import dataclass
from datetime import date

from services.training.certificates.rules import CertificateContent


@dataclass(frozen=True)
class CertificateDocument:
    """A certificate as it is printed."""

    number: str
    code: str
    name: str
    issued_on: date
    issuer: str
    link: str
    is_revoked: bool
    content: CertificateContent
