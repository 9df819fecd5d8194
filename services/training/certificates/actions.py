"""Every change of certificates: earned and issued, by one or for a whole group, and revoked."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.background.jobs import Job, JobRun, Outcome, enqueue
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Record, Stored, require_version
from services.chassis.ground import clock
from services.chassis.ground.problems import StateConflict
from services.training.certificates import queries, rules
from services.training.certificates.models import Certificate, RevokedSequence
from services.training.certificates.rules import (
    CertificateContent,
    ContentModule,
    ContentOutcome,
    Module,
    Readiness,
)
from services.training.certificates.schemas import (
    CertificateRevoke,
    GroupReadinessRead,
    MissingOutcome,
    ReadinessRead,
    ShortModule,
)
from services.training.enrolments.models import Enrolment
from services.training.groups.models import Group
from services.training.permissions import Permission
from services.training.problems import (
    CertificateIssued,
    CertificateNotEarned,
)
from services.training.reads import record_read
from services.training.validations.queries import get_group_of, lock_enrolment

KIND = "certificates"


class Course(NamedTuple):
    """A group with all that its version asks of people."""

    group: Group
    frame: Record
    modules: Sequence[Record]
    outcomes: Sequence[Record]


class Earned(NamedTuple):
    """What somebody has attended and achieved."""

    readiness: Readiness
    modules: Sequence[Module]
    validated: dict[UUID, Record]


def record_change(
    change: Change, action: str, certificate: Certificate, version: int, verb: str
) -> None:
    """The audit record and the event: of whom, never by what name or why."""
    path = f"certificates/{certificate.id}"
    subject = Subject(path, version, certificate.county_terc)
    people = [str(certificate.trainee_id)]
    change.record(action, subject, f"certificate.{verb}", people=people)


async def _get_course(change: Change, group_id: UUID, permission: Permission) -> Course:
    group = await queries.get_group(change, group_id, permission)
    version_id = group.programme_version_id
    frame = await queries.get_frame(change, group)
    modules = await queries.list_modules(change, version_id)
    outcomes = await queries.list_outcomes(change, version_id)
    return Course(group, frame, modules, outcomes)


async def _get_earned(
    change: Change, course: Course, enrolment_id: UUID, trainee_id: UUID
) -> Earned:
    """What one person of a group has. In a transaction that reaches everywhere."""
    attended = await queries.get_attended(change, course.group.id, trainee_id)
    validated = await queries.get_validated(change, enrolment_id)
    modules = [
        Module(each.id, each.number, each.form, each.minutes, attended.get(each.id, 0))
        for each in course.modules
    ]
    outcomes = [
        rules.Outcome(
            each.id,
            each.module_number,
            each.code,
            each.is_required,
            validated[each.id].is_achieved if each.id in validated else None,
        )
        for each in course.outcomes
    ]
    percent = course.frame.attendance_percent
    return Earned(rules.readiness(modules, outcomes, percent), modules, validated)


def _missing(readiness: Readiness) -> dict[str, Any]:
    """What somebody has and lacks, for an answer and for a refusal alike."""
    short = [
        ShortModule(
            module_id=each.id,
            number=each.number,
            attended_minutes=each.attended,
            planned_minutes=each.planned,
        ).model_dump(mode="json")
        for each in readiness.short_modules
    ]
    lacking = [
        MissingOutcome(
            outcome_id=each.id,
            module_number=each.module_number,
            code=each.code,
            state=each.state,
        ).model_dump(mode="json")
        for each in readiness.missing_outcomes
    ]
    return {
        "attended_minutes": readiness.share.attended,
        "planned_minutes": readiness.share.planned,
        "required_percent": readiness.required_percent,
        "missing_minutes": readiness.missing_minutes,
        "short_modules": short,
        "missing_outcomes": lacking,
    }


def _content(course: Course, earned: Earned) -> CertificateContent:
    """What the certificate says for ever."""
    share, attended = earned.readiness.share, {m.id: m.attended for m in earned.modules}
    achieved = {
        key: found for key, found in earned.validated.items() if found.is_achieved
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
    """Issue what was earned; CertificateNotEarned names what is missing."""
    if enrolment.state not in rules.EARNED_IN:
        raise StateConflict(state=enrolment.state, allowed=[])
    if await queries.certificate_exists(change, enrolment.id):
        raise CertificateIssued()
    async with acting_everywhere(change):
        earned = await _get_earned(change, course, enrolment.id, enrolment.trainee_id)
        name = await queries.find_name(change, enrolment.trainee_id)
    # Nobody is left who could show it.
    if name is None:
        raise StateConflict(state="erased", allowed=[])
    if not earned.readiness.is_ready:
        raise CertificateNotEarned(**_missing(earned.readiness))
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
    course = await _get_course(change, group_id, Permission.ISSUE_CERTIFICATES)
    async with acting_everywhere(change):
        enrolment = await lock_enrolment(change, enrolment_id)
    certificate = await _issue(change, course, enrolment, today)
    return await queries.get_stored(change, certificate.id)


async def issue_for_group(change: Change, group_id: UUID) -> UUID:
    """Ask for the certificates of everybody in a group who has earned one."""
    permission = Permission.ISSUE_CERTIFICATES
    group = await queries.get_group(change, group_id, permission)
    job_id = await enqueue(change, change.caller, KIND, {"group_id": str(group_id)})
    subject = Subject(f"groups/{group_id}/certificates", county=group.county_terc)
    change.record("issue_group_certificates", subject)
    return job_id


async def _issue_all(change: Change, run: JobRun) -> Outcome:
    """Issue what was earned, one after the other; who lacks something is counted and named by the enrolment."""
    group_id, permission = (
        UUID(run.parameters["group_id"]),
        Permission.ISSUE_CERTIFICATES,
    )
    course = await _get_course(change, group_id, permission)
    async with acting_everywhere(change):
        people = await queries.list_people(change, group_id)
    run.total, issued, existing, lacking = len(people), 0, 0, []
    for person in people:
        async with acting_everywhere(change):
            enrolment = await lock_enrolment(change, person.id)
        try:
            await _issue(change, course, enrolment, clock.today())
            issued += 1
        except (CertificateNotEarned, StateConflict):
            lacking.append(str(person.id))
        except CertificateIssued:
            existing += 1
        run.done += 1
    return Outcome({"issued": issued, "existing": existing, "lacking": lacking})


ISSUING = Job(KIND, _issue_all, permission=Permission.ISSUE_CERTIFICATES)


async def read_readiness(change: Change, group_id: UUID) -> GroupReadinessRead:
    """What everybody of a group has and lacks for a certificate; the look is noted."""
    course = await _get_course(change, group_id, Permission.ISSUE_CERTIFICATES)
    people = []
    async with acting_everywhere(change):
        for person in await queries.list_people(change, group_id):
            earned = await _get_earned(change, course, person.id, person.trainee_id)
            facts = {
                "enrolment_id": person.id,
                "trainee_id": person.trainee_id,
                "is_ready": earned.readiness.is_ready,
                "has_certificate": person.has_certificate,
            }
            people.append(
                ReadinessRead.model_validate(facts | _missing(earned.readiness))
            )
    subject = Subject(f"groups/{group_id}/certificate-readiness")
    seen = [person.trainee_id for person in people]
    record_read(change, "get_certificate_readiness", subject, seen)
    return GroupReadinessRead(group_id=group_id, people=people)


async def revoke_certificate(
    change: Change, certificate_id: UUID, revoke: CertificateRevoke, version: int
) -> Stored:
    """From now on a certificate is not valid, and verifiers see it; it stays on record with the reason."""
    permission = Permission.REVOKE_CERTIFICATES
    certificate = await queries.lock_certificate(change, certificate_id, permission)
    require_version(certificate.version, version)
    if certificate.state != rules.CertificateState.ISSUED:
        raise StateConflict(state=certificate.state, allowed=[])
    values = {
        "state": rules.CertificateState.REVOKED,
        "revoked_at": func.now(),
        "revoked_by": change.caller.subject,
        "revocation_reason": revoke.reason,
    }
    await change_certificate(change, certificate, **values)
    sequence = insert(RevokedSequence).values(sequence=certificate.sequence)
    await change.execute(sequence)
    record_change(change, "revoke_certificate", certificate, version + 1, "revoked")
    return await queries.get_stored(change, certificate_id)


async def change_certificate(
    change: Change, certificate: Certificate, **values: object
) -> None:
    """A new version of a certificate that is locked."""
    stamped = {"version": certificate.version + 1, "changed_at": func.now()}
    changed = update(Certificate).where(col(Certificate.id) == certificate.id)
    await change.execute(changed.values(**values, **stamped))
