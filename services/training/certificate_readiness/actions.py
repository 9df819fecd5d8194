"""The readiness of a group's people for a certificate; reads are audited."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import AuditedReading, Record
from services.training.attendance_shares.queries import get_minutes_by_module
from services.training.certificate_readiness import queries, rules
from services.training.certificate_readiness.rules import Module, Readiness
from services.training.certificate_readiness.schemas import (
    GroupReadinessRead,
    MissingOutcome,
    ReadinessRead,
    ShortModule,
)
from services.training.groups.models import Group
from services.training.permissions import Permission
from services.training.reads import record_read


class Course(NamedTuple):
    """A group with the modules and outcomes that its programme version requires."""

    group: Group
    frame: Record
    modules: Sequence[Record]
    outcomes: Sequence[Record]


class Earned(NamedTuple):
    """What one person has attended and achieved."""

    readiness: Readiness
    modules: Sequence[Module]
    validated: dict[UUID, Record]


async def get_course(
    change: AuditedReading, group_id: UUID, permission: Permission
) -> Course:
    group = await queries.get_group(change, group_id, permission)
    version_id = group.programme_version_id
    frame = await queries.get_frame(change, group)
    modules = await queries.list_modules(change, version_id)
    outcomes = await queries.list_outcomes(change, version_id)
    return Course(group, frame, modules, outcomes)


async def get_earned(
    change: AuditedReading, course: Course, enrolment_id: UUID, trainee_id: UUID
) -> Earned:
    """What one person has earned. In a transaction that reaches everywhere."""
    attended = await get_minutes_by_module(change, course.group.id, trainee_id)
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
    # The version sets the required percentage, not the group.
    percent = course.frame.attendance_percent
    return Earned(rules.readiness(modules, outcomes, percent), modules, validated)


def missing_for(readiness: Readiness) -> dict[str, Any]:
    """Readiness as JSON fields, for an answer and for a refusal alike."""
    # JSON values already here: a refusal carries the same fields as the answer.
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


async def read_readiness(change: AuditedReading, group_id: UUID) -> GroupReadinessRead:
    """The readiness of everybody in a group; the access is written to the audit log."""
    # Read once for all people of the group.
    course = await get_course(change, group_id, Permission.ISSUE_CERTIFICATES)
    people = []
    async with acting_everywhere(change):
        for person in await queries.list_people(change, group_id):
            earned = await get_earned(change, course, person.id, person.trainee_id)
            facts = {
                "enrolment_id": person.id,
                "trainee_id": person.trainee_id,
                "is_ready": earned.readiness.is_ready,
                "has_certificate": person.has_certificate,
            }
            people.append(
                ReadinessRead.model_validate(facts | missing_for(earned.readiness))
            )
    subject = Subject(f"groups/{group_id}/certificate-readiness")
    trainee_ids = [person.trainee_id for person in people]
    record_read(change, "get_certificate_readiness", subject, trainee_ids)
    return GroupReadinessRead(group_id=group_id, people=people)
