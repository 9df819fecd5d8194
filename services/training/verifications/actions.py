"""Verification of certificates; every access is audited."""

import hmac
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change
from services.chassis.ground.clock import civil_date
from services.training.certificate_disclosures.actions import link_digest
from services.training.certificates.models import Certificate
from services.training.certificates.rules import (
    CertificateContent,
    certificate_number,
    read_code,
)
from services.training.problems import TooManyNameChecks
from services.training.reads import record_read
from services.training.verifications import queries
from services.training.verifications.models import NameCheck
from services.training.verifications.rules.views import (
    MOST_CHECKS,
    PER,
    Holding,
    NameVerdict,
    Verification,
    is_name_of,
    verification,
)


def _holding(certificate: Certificate) -> Holding:
    content = CertificateContent.model_validate(certificate.content)
    year, revoked_at = certificate.issued_on.year, certificate.revoked_at
    return Holding(
        certificate.given_name,
        certificate.family_name,
        certificate_number(content.programme_code, year, certificate.sequence),
        certificate.issued_on,
        None if revoked_at is None else civil_date(revoked_at),
        certificate.shows_name,
        certificate.shows_content,
        content,
    )


def _record(change: Change, action: str, certificate: Certificate) -> None:
    path, county = f"certificates/{certificate.id}", certificate.county_terc
    subject = Subject(path, certificate.version, county)
    record_read(change, action, subject, [certificate.trainee_id])


def _verification_of(
    certificate: Certificate, issuer: str, key: str | None
) -> Verification:
    stored_digest = certificate.link_digest
    # In constant time; without a link no key is valid.
    by_link = bool(
        key and stored_digest and hmac.compare_digest(link_digest(key), stored_digest)
    )
    return verification(_holding(certificate), issuer, by_link=by_link)


async def verify_certificate(
    change: Change, typed_code: str, key: str | None, issuer: str
) -> Verification:
    """The facts that a visitor with this code or link may see."""
    async with acting_everywhere(change):
        certificate = await queries.get_by_code(change, read_code(typed_code))
    # Audited: the records show whether a code has leaked.
    _record(change, "verify_certificate", certificate)
    return _verification_of(certificate, issuer, key)


async def check_name(
    change: Change, typed_code: str, name: str, issuer: str, now: datetime
) -> tuple[NameVerdict, Verification]:
    """Whether a certificate is in this name, and the facts that the code shows.

    TooManyNameChecks after MOST_CHECKS checks in an hour.
    """
    async with acting_everywhere(change):
        # `read_code` accepts O for 0, small letters, and codes without hyphens.
        code = read_code(typed_code)
        certificate = await queries.get_by_code(change, code, locked=True)
    await _count_check(change, certificate.id, now)
    _record(change, "check_certificate_name", certificate)
    result = _verification_of(certificate, issuer, None)
    matches = is_name_of(name, certificate.given_name, certificate.family_name)
    # Without the link, which shows the name anyway.
    return NameVerdict(matches=matches, is_valid=result.is_valid), result


async def _count_check(change: Change, certificate_id: UUID, now: datetime) -> None:
    # Right and wrong names count alike, so that the limit reveals nothing.
    since = now - PER
    if await queries.count_checks(change, certificate_id, since) >= MOST_CHECKS:
        raise TooManyNameChecks(retry_after=int(PER.total_seconds()))
    # Checks are deleted when they no longer count.
    is_over = col(NameCheck.checked_at) <= since
    of_this = col(NameCheck.certificate_id) == certificate_id
    await change.execute(delete(NameCheck).where(of_this, is_over))
    values = {"certificate_id": certificate_id, "checked_at": now}
    await change.execute(insert(NameCheck).values(**values))
