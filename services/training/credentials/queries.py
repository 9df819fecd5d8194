"""The facts of a credential, and the revoked sequences."""

from collections.abc import Sequence

from sqlalchemy import select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.training.certificates.models import Certificate, RevokedSequence
from services.training.certificates.rules import (
    CertificateContent,
    certificate_number,
)
from services.training.credentials.rules import LIST_SIZE, Issued

_REVOKED = rows_of(RevokedSequence)


def issued_of(certificate: Certificate) -> Issued:
    """The facts of a certificate that a credential holds."""
    content = CertificateContent.model_validate(certificate.content)
    year = certificate.issued_on.year
    return Issued(
        str(certificate.id),
        certificate_number(content.programme_code, year, certificate.sequence),
        str(certificate.programme_version_id),
        certificate.sequence,
        # The instant of issue, from which every download of the credential is valid.
        certificate.created_at,
        certificate.given_name,
        certificate.family_name,
        certificate.shows_name,
        content,
    )


async def list_revoked(reading: Reading, number: int) -> Sequence[int]:
    """The sequences of revoked certificates of a list."""
    first = number * LIST_SIZE
    # Lists have a fixed size: list `number` holds one range of sequences.
    statement = select(_REVOKED.c.sequence).where(
        _REVOKED.c.sequence >= first, _REVOKED.c.sequence < first + LIST_SIZE
    )
    return await reading.scalars(statement.order_by(_REVOKED.c.sequence))
