"""Every question asked about a certificate by its code.

In transactions that reach everywhere: a visitor is nobody.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change
from services.training.certificates.models import Certificate
from services.training.problems import CertificateNotFound
from services.training.verifications.models import NameCheck

_CERTIFICATES = rows_of(Certificate)
_CHECKS = rows_of(NameCheck)


async def get_by_code(
    change: Change, code: str | None, *, locked: bool = False
) -> Certificate:
    """The certificate with this code.

    `locked`, so that names are compared one after the other.
    """
    # What cannot be a code is refused like one that nobody has.
    if code is None:
        raise CertificateNotFound()
    statement = select(_CERTIFICATES).where(_CERTIFICATES.c.code == code)
    if locked:
        # Else many at once would each count the others as not yet there.
        statement = statement.with_for_update(key_share=True)
    return await change.instance(Certificate, statement, CertificateNotFound)


async def count_checks(change: Change, certificate_id: UUID, since: datetime) -> int:
    """How often a name was typed beside a certificate since then."""
    statement = select(func.count()).where(
        _CHECKS.c.certificate_id == certificate_id, _CHECKS.c.checked_at > since
    )
    return int(await change.scalar(statement) or 0)
