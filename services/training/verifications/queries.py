"""Every query of a certificate by its code.

In transactions that reach everywhere, since a visitor has no account.
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

    `locked`, so that names are checked one by one.
    """
    # A text that is no code gives the same answer as an unknown code.
    if code is None:
        raise CertificateNotFound()
    statement = select(_CERTIFICATES).where(_CERTIFICATES.c.code == code)
    if locked:
        # Otherwise concurrent checks would not count each other.
        statement = statement.with_for_update(key_share=True)
    return await change.instance(Certificate, statement, CertificateNotFound)


async def count_checks(change: Change, certificate_id: UUID, since: datetime) -> int:
    """The number of name checks of a certificate since an instant."""
    statement = select(func.count()).where(
        _CHECKS.c.certificate_id == certificate_id, _CHECKS.c.checked_at > since
    )
    return int(await change.scalar(statement) or 0)
