"""Every change of a validation: recorded once, then only corrected with a reason."""

from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import AuditedReading, Change, Stored, require_version
from services.chassis.ground.problems import Problem, StateConflict, refuse
from services.training.enrolments.models import Enrolment
from services.training.group_validators.actions import require_independent
from services.training.groups.models import Group
from services.training.permissions import Permission
from services.training.problems import (
    CertificateStands,
    EnrolmentNotFound,
    ValidationNotFound,
)
from services.training.reads import record_read
from services.training.validations import queries, rules
from services.training.validations.models import Validation, ValidationCorrection
from services.training.validations.rules import Frame, ValidationFacts
from services.training.validations.schemas import (
    SheetOutcome,
    SheetPerson,
    ValidationCorrect,
    ValidationRecord,
    ValidationSheetRead,
)


def record_change(
    change: Change, action: str, validation: Validation, version: int, verb: str
) -> None:
    """Write the audit record and the event, without result and reason."""
    path = f"validations/{validation.id}"
    subject = Subject(path, version, validation.county_terc)
    people = [str(validation.trainee_id)]
    change.record(action, subject, f"validation.{verb}", people=people)


async def _lock_places(
    change: Change, enrolment_id: UUID, group_id: UUID, missing: type[Problem]
) -> tuple[Group, Enrolment]:
    """The group and the enrolment, locked; ValidatorNotIndependent as in
    `require_independent`.
    """
    # The group before the enrolment: one lock order prevents deadlocks. The lock also
    # keeps the group's trainers from changing.
    group = await queries.lock_group(change, group_id, missing)
    await require_independent(change, group_id, change.caller.subject)
    async with acting_everywhere(change):
        enrolment = await queries.lock_enrolment(change, enrolment_id)
    return group, enrolment


async def record_validation(
    change: Change, new: ValidationRecord, today: date
) -> Stored:
    """Record whether a person has achieved an outcome.

    ValidatorNotIndependent when the caller is a trainer or trainee of the group.
    """
    # Everywhere: the enrolment has the trainee's county; the group decides the reach.
    async with acting_everywhere(change):
        of_group = await queries.get_group_of(change, new.enrolment_id)
    group, enrolment = await _lock_places(
        change, new.enrolment_id, of_group, EnrolmentNotFound
    )
    # Withdrawn and waiting people have no outcomes to validate.
    if enrolment.state not in rules.VALIDATED_OF:
        raise StateConflict(state=enrolment.state, allowed=[])
    facts = ValidationFacts(new.is_achieved, new.evidence, new.validated_on)
    of_outcome = await queries.find_version_of(change, new.outcome_id)
    frame = Frame(group.starts_on, group.programme_version_id, of_outcome)
    refuse(*rules.errors(facts, frame, today))
    # The group's county, which is responsible for its results.
    statement = insert(Validation).values(
        **facts._asdict(),
        county_terc=group.county_terc,
        group_id=group.id,
        enrolment_id=enrolment.id,
        trainee_id=enrolment.trainee_id,
        outcome_id=new.outcome_id,
        validated_by=change.caller.subject,
    )
    row = await change.one(statement.returning(*queries.VALIDATIONS.c))
    validation = Validation(**row._mapping)
    record_change(change, "record_validation", validation, 1, "recorded")
    return await queries.get_stored(change, validation.id)


async def correct_validation(
    change: Change,
    validation_id: UUID,
    correction: ValidationCorrect,
    version: int,
    today: date,
) -> Stored:
    """Correct a validation; the former values and the reason are stored.

    CertificateStands when a valid certificate rests on an outcome that is taken back.
    """
    before = await queries.get_validation(change, validation_id)
    group, _ = await _lock_places(
        change, before.enrolment_id, before.group_id, ValidationNotFound
    )
    # Read again under the locks: another correction may have come first.
    before = await queries.lock_validation(change, validation_id)
    require_version(before.version, version)
    former = ValidationFacts(before.is_achieved, before.evidence, before.validated_on)
    after = ValidationFacts(
        correction.is_achieved, correction.evidence, correction.validated_on
    )
    refuse(*rules.correction_errors(former, after, group.starts_on, today))
    # A printed certificate cannot be taken back by a correction.
    if former.is_achieved and not after.is_achieved:
        async with acting_everywhere(change):
            is_certified = await queries.outcome_is_certified(change, before)
        if is_certified:
            raise CertificateStands()
    await _store_correction(change, before, correction.reason)
    # The correcting account is responsible for the new values.
    values = after._asdict() | {"validated_by": change.caller.subject}
    stamp = {"version": before.version + 1, "changed_at": func.now()}
    statement = update(Validation).where(col(Validation.id) == validation_id)
    await change.execute(statement.values(**values, **stamp))
    record_change(change, "correct_validation", before, before.version + 1, "corrected")
    return await queries.get_stored(change, validation_id)


async def _store_correction(change: Change, before: Validation, reason: str) -> None:
    statement = insert(ValidationCorrection).values(
        county_terc=before.county_terc,
        validation_id=before.id,
        group_id=before.group_id,
        trainee_id=before.trainee_id,
        was_achieved=before.is_achieved,
        evidence_before=before.evidence,
        validated_on_before=before.validated_on,
        validated_by_before=before.validated_by,
        reason=reason,
        corrected_by=change.caller.subject,
    )
    await change.execute(statement)


async def read_sheet(change: AuditedReading, group_id: UUID) -> ValidationSheetRead:
    """The outcomes of a whole group, for its validators and organisers.

    The access is written to the audit log.
    """
    permission = Permission.READ_VALIDATIONS
    version_id = await queries.get_group_version(change, group_id, permission)
    async with acting_everywhere(change):
        rows = await queries.list_sheet(change, group_id, version_id)
    people = []
    # The rows are sorted by person, so that one query is enough.
    for _, of_person in groupby(rows, key=lambda row: row.enrolment_id):
        person_rows = [*of_person]
        outcomes = [
            SheetOutcome(
                **{name: row._mapping[name] for name in _OF_OUTCOME},
                state=rules.state_of(row.is_achieved),
            )
            for row in person_rows
        ]
        person_facts = {name: person_rows[0]._mapping[name] for name in _OF_PERSON}
        people.append(SheetPerson(**person_facts, outcomes=outcomes))
    subject = Subject(f"groups/{group_id}/validation-sheet")
    trainee_ids = [person.trainee_id for person in people]
    record_read(change, "get_validation_sheet", subject, trainee_ids)
    return ValidationSheetRead(group_id=group_id, people=people)


_OF_OUTCOME = ("outcome_id", "module_number", "code", "is_required")
_OF_PERSON = ("enrolment_id", "trainee_id", "given_name", "family_name")
