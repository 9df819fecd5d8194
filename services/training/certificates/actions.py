"""Every change of certificates: issued, singly or for a whole group, and revoked."""

import secrets
from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.background.jobs import Job, JobRun, Outcome, enqueue
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground import clock
from services.chassis.ground.problems import StateConflict
from services.training.certificate_readiness.actions import (
    Course,
    Earned,
    get_course,
    get_earned,
    missing_for,
)
from services.training.certificate_readiness.queries import get_group, list_people
from services.training.certificate_readiness.rules import EARNED_IN
from services.training.certificates import queries, rules
from services.training.certificates.models import Certificate, RevokedSequence
from services.training.certificates.rules import (
    CertificateContent,
    ContentModule,
    ContentOutcome,
)
from services.training.certificates.schemas import (
    CertificateRevoke,
    IssuingResult,
)
from services.training.enrolments.models import Enrolment
from services.training.permissions import Permission
from services.training.problems import (
    CertificateIssued,
    CertificateNotEarned,
)
from services.training.validations.queries import get_group_of, lock_enrolment

KIND = "certificates"


def record_change(
    change: Change, action: str, certificate: Certificate, version: int, verb: str
) -> None:
    """Write the audit record and the event: the trainee's id, no name and no reason."""
    path = f"certificates/{certificate.id}"
    subject = Subject(path, version, certificate.county_terc)
    people = [str(certificate.trainee_id)]
    change.record(action, subject, f"certificate.{verb}", people=people)


def _content(course: Course, earned: Earned) -> CertificateContent:
    """The content of a new certificate, which never changes."""
    share, attended = earned.readiness.share, {m.id: m.attended for m in earned.modules}
    # Outcomes that are not achieved are not shown on a certificate.
    achieved = {
        key: validation
        for key, validation in earned.validated.items()
        if validation.is_achieved
    }
    return CertificateContent(
        **course.frame._mapping,
        required_percent=course.frame.attendance_percent,
        group_code=course.group.code,
        starts_on=course.group.starts_on,
        ends_on=course.group.ends_on,
        attended_minutes=share.attended,
        planned_minutes=share.planned,
        minutes=sum(each.minutes for each in course.modules),
        modules=[
            ContentModule(**each._mapping, attended_minutes=attended[each.id])
            for each in course.modules
        ],
        outcomes=[
            ContentOutcome(**each._mapping, validated_on=achieved[each.id].validated_on)
            for each in course.outcomes
            if each.id in achieved
        ],
    )


async def _issue(
    change: Change, course: Course, enrolment: Enrolment, today: date
) -> Certificate:
    """Issue one certificate; CertificateNotEarned names what is missing."""
    if enrolment.state not in EARNED_IN:
        raise StateConflict(state=enrolment.state, allowed=[])
    # Under the lock of the enrolment; the unique index is a second guard.
    if await queries.certificate_exists(change, enrolment.id):
        raise CertificateIssued()
    async with acting_everywhere(change):
        earned = await get_earned(change, course, enrolment.id, enrolment.trainee_id)
        name = await queries.find_name(change, enrolment.trainee_id)
    # The trainee was erased: nobody is left to hold the certificate.
    if name is None:
        raise StateConflict(state="erased", allowed=[])
    if not earned.readiness.is_ready:
        raise CertificateNotEarned(**missing_for(earned.readiness))
    # Random: the code cannot be derived from the id or from other codes.
    letters = "".join(secrets.choice(rules.ALPHABET) for _ in range(rules.CODE_LENGTH))
    statement = insert(Certificate).values(
        county_terc=course.group.county_terc,
        group_id=course.group.id,
        enrolment_id=enrolment.id,
        trainee_id=enrolment.trainee_id,
        programme_version_id=course.group.programme_version_id,
        code=rules.written_code(letters),
        issued_on=today,
        issued_by=change.caller.subject,
        given_name=name[0],
        family_name=name[1],
        content=_content(course, earned).model_dump(mode="json"),
    )
    row = await change.one(statement.returning(*queries.CERTIFICATES.c))
    certificate = Certificate(**row._mapping)
    record_change(change, "issue_certificate", certificate, 1, "issued")
    return certificate


async def issue_certificate(change: Change, enrolment_id: UUID, today: date) -> Stored:
    """Issue the certificate of one person of a group that the caller organises."""
    async with acting_everywhere(change):
        group_id = await get_group_of(change, enrolment_id)
    course = await get_course(change, group_id, Permission.ISSUE_CERTIFICATES)
    # The group's reach is checked; a person in it may be from another county.
    async with acting_everywhere(change):
        enrolment = await lock_enrolment(change, enrolment_id)
    certificate = await _issue(change, course, enrolment, today)
    return await queries.get_stored(change, certificate.id)


async def issue_for_group(change: Change, group_id: UUID) -> UUID:
    """Queue the job that issues certificates in a group; the job's id."""
    permission = Permission.ISSUE_CERTIFICATES
    group = await get_group(change, group_id, permission)
    # In the same transaction: the job is queued if and only if this is audited.
    job_id = await enqueue(change, change.caller, KIND, {"group_id": str(group_id)})
    subject = Subject(f"groups/{group_id}/certificates", county=group.county_terc)
    change.record("issue_group_certificates", subject)
    return job_id


async def _issue_all(change: Change, run: JobRun) -> Outcome:
    """Issue the certificates of a group, one after the other.

    The result names the enrolments that have not earned one.
    """
    group_id, permission = (
        UUID(run.parameters["group_id"]),
        Permission.ISSUE_CERTIFICATES,
    )
    course = await get_course(change, group_id, permission)
    async with acting_everywhere(change):
        people = await list_people(change, group_id)
    run.total, issued, existing, lacking = len(people), 0, 0, []
    # Locked one by one, as late as possible: until then a person may still withdraw.
    for person in people:
        async with acting_everywhere(change):
            enrolment = await lock_enrolment(change, person.id)
        try:
            await _issue(change, course, enrolment, clock.today())
            issued += 1
        except (CertificateNotEarned, StateConflict):
            lacking.append(person.id)
        # The job may run again after a crash, when some have their certificate.
        except CertificateIssued:
            existing += 1
        run.done += 1
    return Outcome(IssuingResult(issued=issued, existing=existing, lacking=lacking))


ISSUING = Job(KIND, _issue_all, IssuingResult, permission=Permission.ISSUE_CERTIFICATES)


async def revoke_certificate(
    change: Change, certificate_id: UUID, revoke: CertificateRevoke, version: int
) -> Stored:
    """Revoke a certificate: verifiers see from now on that it is not valid.

    It stays on record with the reason.
    """
    permission = Permission.REVOKE_CERTIFICATES
    certificate = await queries.lock_certificate(change, certificate_id, permission)
    require_version(certificate.version, version)
    if certificate.state != rules.CertificateState.ISSUED:
        raise StateConflict(state=certificate.state, allowed=[])
    values = {
        "state": rules.CertificateState.REVOKED,
        # The database's clock, as for all instants that are compared later.
        "revoked_at": func.now(),
        "revoked_by": change.caller.subject,
        "revocation_reason": revoke.reason,
    }
    await change_certificate(change, certificate, **values)
    # In the same transaction: verifiers see both or neither.
    sequence = insert(RevokedSequence).values(sequence=certificate.sequence)
    await change.execute(sequence)
    record_change(change, "revoke_certificate", certificate, version + 1, "revoked")
    return await queries.get_stored(change, certificate_id)


async def change_certificate(
    change: Change, certificate: Certificate, **values: object
) -> None:
    """Give a locked certificate these values and its next version."""
    stamp = {"version": certificate.version + 1, "changed_at": func.now()}
    statement = update(Certificate).where(col(Certificate.id) == certificate.id)
    await change.execute(statement.values(**values, **stamp))
