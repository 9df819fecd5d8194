"""Every change of what others see of a certificate, made by its holder alone."""

import hashlib
import secrets
from uuid import UUID

from services.chassis.data.work import Change, Stored, require_version
from services.training.certificate_disclosures.schemas import (
    CertificateLinkRead,
    DisclosureChoose,
)
from services.training.certificates.actions import change_certificate, record_change
from services.training.certificates.models import Certificate
from services.training.certificates.queries import get_stored, lock_certificate
from services.training.permissions import Permission

VERIFY = "/v1/training/verify"
"""Where certificates are verified."""


def link_digest(secret: str) -> bytes:
    """The digest of a link's secret, which is stored in its place."""
    # The secret is random and long, and so needs no slow digest.
    return hashlib.sha256(secret.encode(errors="replace")).digest()


async def _lock(change: Change, certificate_id: UUID, version: int) -> Certificate:
    # Only the holder has this permission; the issuer does not.
    show = Permission.SHOW_CERTIFICATES
    certificate = await lock_certificate(change, certificate_id, show)
    require_version(certificate.version, version)
    return certificate


async def choose_disclosure(
    change: Change, certificate_id: UUID, disclosure: DisclosureChoose, version: int
) -> Stored:
    """Set what anybody with the certificate's code sees from now on."""
    certificate = await _lock(change, certificate_id, version)
    await change_certificate(change, certificate, **disclosure.model_dump())
    action = "choose_certificate_disclosure"
    record_change(change, action, certificate, version + 1, "disclosure-chosen")
    return await get_stored(change, certificate_id)


async def make_link(
    change: Change, certificate_id: UUID, version: int, public_url: str
) -> Stored:
    """Make a link that shows the whole certificate.

    An earlier link then shows no more than the code does.
    """
    certificate = await _lock(change, certificate_id, version)
    # Only the digest is stored: the table cannot reveal a working link.
    secret = secrets.token_urlsafe(24)
    await change_certificate(change, certificate, link_digest=link_digest(secret))
    action = "make_certificate_link"
    record_change(change, action, certificate, version + 1, "link-made")
    # In the query and not in the path: logs and traces leave queries out.
    address = f"{public_url}{VERIFY}/{certificate.code}?key={secret}"
    body = CertificateLinkRead(address=address).model_dump_json()
    return Stored(certificate_id, version + 1, body)


async def withdraw_link(change: Change, certificate_id: UUID, version: int) -> Stored:
    """Withdraw the link: from now on it shows no more than the code does."""
    certificate = await _lock(change, certificate_id, version)
    await change_certificate(change, certificate, link_digest=None)
    action = "withdraw_certificate_link"
    record_change(change, action, certificate, version + 1, "link-withdrawn")
    return await get_stored(change, certificate_id)
