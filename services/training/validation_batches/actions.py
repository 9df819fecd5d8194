"""Many validations in one transaction; one refusal does not affect the others."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert

from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change
from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import Problem, StateConflict, refuse
from services.training.enrolments.models import Enrolment
from services.training.group_validators.actions import require_independent
from services.training.groups.models import Group
from services.training.problems import (
    EnrolmentNotFound,
    GroupNotFound,
    OutcomeValidated,
)
from services.training.validation_batches import queries
from services.training.validation_batches.rules import BatchStatus
from services.training.validations import rules
from services.training.validations.actions import record_change
from services.training.validations.models import Validation
from services.training.validations.queries import VALIDATIONS, lock_group
from services.training.validations.rules import Frame, ValidationFacts
from services.training.validations.schemas import ValidationRecord


class Recording(NamedTuple):
    """The result of one validation of a batch: its id, or the refusal."""

    status: BatchStatus
    validation_id: UUID | None = None
    refusal: Problem | None = None


class _Sheet(NamedTuple):
    """The facts by which validations are checked; `validated` grows with each one."""

    group: Group
    enrolments: Mapping[UUID, Enrolment]
    outcomes: set[UUID]
    validated: set[tuple[UUID, UUID]]


async def record_validations(
    change: Change, group_id: UUID, items: Sequence[object], today: date
) -> list[Recording]:
    """Record validations in their order; a refusal concerns one item alone.

    ValidatorNotIndependent when the caller is a trainer or trainee of the group.
    """
    group = await lock_group(change, group_id, GroupNotFound)
    await require_independent(change, group_id, change.caller.subject)
    enrolment_ids = {
        each.enrolment_id for each in items if isinstance(each, ValidationRecord)
    }
    async with acting_everywhere(change):
        enrolments = await queries.lock_enrolments(change, group_id, enrolment_ids)
    # Read under the locks, after concurrent validations have committed.
    validated_pairs = await queries.list_validated(change, enrolment_ids)
    outcomes = await queries.list_outcome_ids(change, group.programme_version_id)
    sheet = _Sheet(group, enrolments, outcomes, validated_pairs)
    results = [_check(sheet, facts, today) for facts in items]
    accepted = [each for each in results if isinstance(each, ValidationRecord)]
    ids = await _insert_validations(change, sheet, accepted)
    return [
        Recording(BatchStatus.REFUSED, refusal=each)
        if isinstance(each, Problem)
        else Recording(BatchStatus.CREATED, ids[each.enrolment_id, each.outcome_id])
        for each in results
    ]


def _check(sheet: _Sheet, facts: object, today: date) -> ValidationRecord | Problem:
    """The validation to be recorded, or the problem by which it is refused."""
    try:
        # An item that could not be parsed is still raw, and fails here.
        new = validated(ValidationRecord, facts)
        _require(sheet, new, today)
    except Problem as refusal:
        return refusal
    sheet.validated.add((new.enrolment_id, new.outcome_id))
    return new


def _require(sheet: _Sheet, new: ValidationRecord, today: date) -> None:
    enrolment = sheet.enrolments.get(new.enrolment_id)
    if enrolment is None:
        raise EnrolmentNotFound()
    if enrolment.state not in rules.VALIDATED_OF:
        raise StateConflict(state=enrolment.state, allowed=[])
    version_id = sheet.group.programme_version_id
    of_outcome = version_id if new.outcome_id in sheet.outcomes else None
    frame = Frame(sheet.group.starts_on, version_id, of_outcome)
    facts = ValidationFacts(new.is_achieved, new.evidence, new.validated_on)
    refuse(*rules.errors(facts, frame, today))
    if (new.enrolment_id, new.outcome_id) in sheet.validated:
        raise OutcomeValidated()


async def _insert_validations(
    change: Change, sheet: _Sheet, new: Sequence[ValidationRecord]
) -> dict[tuple[UUID, UUID], UUID]:
    """Insert validations in one statement; their ids by enrolment and outcome."""
    if not new:
        return {}
    common_values: dict[str, Any] = {
        # The group's county, which is responsible for its results.
        "county_terc": sheet.group.county_terc,
        "group_id": sheet.group.id,
        "validated_by": change.caller.subject,
    }
    values = [
        common_values
        | each.model_dump()
        | {"trainee_id": sheet.enrolments[each.enrolment_id].trainee_id}
        for each in new
    ]
    statement = insert(Validation).values(values).returning(*VALIDATIONS.c)
    validations = [Validation(**row._mapping) for row in await change.rows(statement)]
    for validation in validations:
        record_change(change, "record_validation", validation, 1, "recorded")
    return {(each.enrolment_id, each.outcome_id): each.id for each in validations}
