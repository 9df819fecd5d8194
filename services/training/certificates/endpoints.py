"""/certificates, and those of a group."""

from typing import Annotated

from fastapi import Query, Request

from services.chassis.background.job_queries import JobRead
from services.chassis.background.job_routes import accepted
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change
from services.training.certificates import actions, queries
from services.training.certificates.schemas import (
    CertificateIssue,
    CertificateList,
    CertificateRead,
    CertificateRevoke,
)
from services.training.credential_keys import keys_of
from services.training.demands import (
    CanIssueCertificates,
    CanReadCertificates,
    CanRevokeCertificates,
)
from services.training.problems import (
    CertificateIssued,
    CertificateNotEarned,
    CertificateNotFound,
    CredentialKeysMissing,
    EnrolmentNotFound,
    GroupNotFound,
)
from services.training.reads import Look, read_page, record_read

router = slice_router(prefix="", tags=["certificates"])
_ALL = "/certificates"
_ONE = _ALL + "/{certificate_id}"
# A list shows names, and so is audited as a read of each person.
_LOOK = Look("list_certificates", "certificates")


@router.get(_ALL, responses=answers(Page[CertificateRead]))
async def list_certificates(
    caller: CanReadCertificates,
    reading: Audited,
    terms: Terms,
    query: Annotated[CertificateList, Query()],
) -> Answer:
    """Certificates, the newest first; a trainee sees their own."""
    listed = queries.list_certificates(reading, query)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    _ALL,
    status_code=201,
    responses=answers(
        CertificateRead,
        EnrolmentNotFound,
        CertificateNotEarned,
        CertificateIssued,
        StateConflict,
        CredentialKeysMissing,
        Erased,
        status=201,
    ),
)
async def issue_certificate(
    caller: CanIssueCertificates,
    change: Change,
    request: Request,
    new: CertificateIssue,
) -> Answer:
    """Issue a certificate to a person who attended and achieved what is required.

    Its content is that of this day and never changes. A refusal names the minutes,
    modules and outcomes that are missing.
    """
    # Before any write: without keys a certificate could not be signed.
    keys_of(request.app.state.settings)
    certificate = await actions.issue_certificate(
        change, new.enrolment_id, clock.today()
    )
    return created_answer(certificate, f"/v1/training/certificates/{certificate.key}")


@router.post(
    "/groups/{group_id}/certificates:issue",
    status_code=202,
    responses=answers(JobRead, GroupNotFound, CredentialKeysMissing, status=202),
)
async def issue_group_certificates(
    caller: CanIssueCertificates, change: Change, request: Request, group_id: Id
) -> Answer:
    """Issue certificates to everybody in a group who has earned one and has none.

    The job's result names the enrolments that have not earned one.
    """
    # Checked here as well, so that the caller learns of missing keys at once.
    keys_of(request.app.state.settings)
    job_id = await actions.issue_for_group(change, group_id)
    # 202: a large group is issued one by one in the job.
    return await accepted(change, request, job_id)


@router.get(_ONE, responses=answers(CertificateRead, CertificateNotFound))
async def get_certificate(
    caller: CanReadCertificates, reading: Audited, terms: Terms, certificate_id: Id
) -> Answer:
    """One certificate."""
    certificate = await queries.get_certificate(reading, certificate_id)
    subject = Subject(f"certificates/{certificate_id}")
    record_read(reading, "get_certificate", subject, [certificate.trainee_id])
    return stored_answer(await queries.get_stored(reading, certificate_id), terms)


# Final: a person who has earned it after all gets a new one with a new code.
@router.post(
    _ONE + "/revoke",
    responses=answers(
        CertificateRead,
        CertificateNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
        Erased,
    ),
)
async def revoke_certificate(
    caller: CanRevokeCertificates,
    change: Change,
    certificate_id: Id,
    revoke: CertificateRevoke,
    if_match: IfMatch = None,
) -> Answer:
    """Revoke a certificate.

    Its page and every verifier show that it is no longer valid, and never why.
    """
    version = expected_version(if_match, certificate_id)
    return stored_answer(
        await actions.revoke_certificate(change, certificate_id, revoke, version)
    )
