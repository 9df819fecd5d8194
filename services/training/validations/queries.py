"""Every query of validations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Record, Rows, Stored
from services.chassis.ground.problems import Problem
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.certificates.models import Certificate
from services.training.enrolments.models import Enrolment
from services.training.groups.models import Group
from services.training.permissions import Permission
from services.training.problems import (
    EnrolmentNotFound,
    GroupNotFound,
    ValidationNotFound,
)
from services.training.programme_versions.models import LearningOutcome, ProgrammeModule
from services.training.trainees.models import Trainee
from services.training.validations.models import Validation, ValidationCorrection
from services.training.validations.rules import VALIDATED_OF
from services.training.validations.schemas import (
    ValidationCorrectionRead,
    ValidationList,
    ValidationRead,
)

VALIDATIONS = rows_of(Validation)
GROUPS = rows_of(Group)
ENROLMENTS = rows_of(Enrolment)
TRAINEES = rows_of(Trainee)
OUTCOMES = rows_of(LearningOutcome)
MODULES = rows_of(ProgrammeModule)
_CORRECTIONS = rows_of(ValidationCorrection)
_CERTIFICATES = rows_of(Certificate)
_READ = Permission.READ_VALIDATIONS
_JOINED = VALIDATIONS.join(OUTCOMES, OUTCOMES.c.id == VALIDATIONS.c.outcome_id)
# Criterion and method are read from the version: copies could contradict it.
_COMPUTED: dict[str, ColumnElement[Any]] = {
    "outcome_code": OUTCOMES.c.code,
    "corrections": select(func.count())
    .where(_CORRECTIONS.c.validation_id == VALIDATIONS.c.id)
    .scalar_subquery(),
} | {
    name: OUTCOMES.c[name]
    for name in ("criterion_pl", "criterion_en", "method", "is_required")
}
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _COMPUTED[name] if name in _COMPUTED else VALIDATIONS.c[name]
    for name in ValidationRead.model_fields
}
# A validator reads all validations of the group.
_OBJECTS = {
    "trainer": VALIDATIONS.c.group_id,
    "validator": VALIDATIONS.c.group_id,
    "trainee": VALIDATIONS.c.trainee_id,
}
_NARROWING = ("group_id", "enrolment_id", "trainee_id", "outcome_id", "is_achieved")
_LIST = Filtered(
    Listing(
        _WIRE,
        {name: VALIDATIONS.c[name] for name in ("created_at", "validated_on")},
        "-created_at",
        VALIDATIONS.c.id,
    ),
    _JOINED,
    {name: Filter(VALIDATIONS.c[name]) for name in _NARROWING},
    VALIDATIONS.c.county_terc,
    objects=_OBJECTS,
)
_ROW = tuple(VALIDATIONS.c)


_SHEET = (
    ENROLMENTS.c.id.label("enrolment_id"),
    ENROLMENTS.c.trainee_id,
    TRAINEES.c.given_name,
    TRAINEES.c.family_name,
    OUTCOMES.c.id.label("outcome_id"),
    MODULES.c.number.label("module_number"),
    OUTCOMES.c.code,
    OUTCOMES.c.is_required,
    VALIDATIONS.c.is_achieved,
)
# With the enrolment, so that rows of two people with one name do not mix.
_BY_PERSON = (
    TRAINEES.c.family_name,
    TRAINEES.c.given_name,
    ENROLMENTS.c.id,
    MODULES.c.number,
    OUTCOMES.c.code,
)


def _reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    county = VALIDATIONS.c.county_terc
    return within(caller, permission, county=county, objects=_OBJECTS)


def _group_reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    objects = {"trainer": GROUPS.c.id, "validator": GROUPS.c.id}
    return within(caller, permission, county=GROUPS.c.county_terc, objects=objects)


def list_validations(reading: Reading, query: ValidationList) -> Listed:
    """The validations within the caller's reach."""
    values = query.model_dump(include={*_NARROWING})
    return filtered(_LIST, values, reading.caller, _READ)


async def get_validation(reading: Reading, validation_id: UUID) -> Validation:
    """A validation within the caller's reach."""
    lookup = by_key(_LIST, validation_id, reading.caller, _READ, _ROW)
    problem = ValidationNotFound
    return await reading.instance(Validation, lookup.statement, problem, lookup.values)


_ONE: Rows = (
    select(*stored_columns(_WIRE, VALIDATIONS.c.id, VALIDATIONS.c.version))
    .select_from(_JOINED)
    .where(VALIDATIONS.c.id == bindparam("key"))
)


async def get_stored(reading: Reading, validation_id: UUID) -> Stored:
    """The answer of a validation that was already found within reach."""
    return await reading.stored(_ONE, ValidationNotFound, {"key": validation_id})


async def lock_validation(change: Change, validation_id: UUID) -> Validation:
    """A validation that the caller may correct, locked until the transaction ends."""
    reach = _reach(change.caller, Permission.RECORD_VALIDATIONS)
    statement = select(VALIDATIONS).where(VALIDATIONS.c.id == validation_id, reach)
    # Locked before the version is compared.
    locking = statement.with_for_update()
    return await change.instance(Validation, locking, ValidationNotFound)


def list_corrections(validation: Validation) -> Listed:
    """The corrections of a validation that was found within reach, in order."""
    columns = _CORRECTIONS.c
    wire = {name: columns[name] for name in ValidationCorrectionRead.model_fields}
    order = {"corrected_at": columns.corrected_at}
    rows: Rows = select(_CORRECTIONS)
    # Without a reach: the validation was found within reach before.
    rows = rows.where(columns.validation_id == validation.id)
    return Listed(Listing(wire, order, "corrected_at", columns.id), rows)


async def lock_group(change: Change, group_id: UUID, missing: type[Problem]) -> Group:
    """A group whose outcomes the caller may record, share-locked.

    Its trainers cannot change until the transaction ends.
    """
    reach = _group_reach(change.caller, Permission.RECORD_VALIDATIONS)
    statement = select(GROUPS).where(GROUPS.c.id == group_id, reach)
    # A share lock: many can validate one group at once.
    return await change.instance(Group, statement.with_for_update(read=True), missing)


async def get_group_of(reading: Reading, enrolment_id: UUID) -> UUID:
    """The group of an enrolment, which never changes.

    In a transaction that reaches everywhere.
    """
    statement = select(ENROLMENTS.c.group_id).where(ENROLMENTS.c.id == enrolment_id)
    group_id: UUID = (await reading.one(statement, EnrolmentNotFound))[0]
    return group_id


async def lock_enrolment(change: Change, enrolment_id: UUID) -> Enrolment:
    """An enrolment of a group within reach, locked.

    Validations and certificates of it are thereby written one by one. In a transaction
    that reaches everywhere: its county is the trainee's.
    """
    statement = select(ENROLMENTS).where(ENROLMENTS.c.id == enrolment_id)
    locking = statement.with_for_update(key_share=True)
    return await change.instance(Enrolment, locking, EnrolmentNotFound)


async def find_version_of(reading: Reading, outcome_id: UUID) -> UUID | None:
    """The programme version of an outcome; None for an unknown outcome."""
    statement = (
        select(MODULES.c.version_id)
        .join(OUTCOMES, OUTCOMES.c.module_id == MODULES.c.id)
        .where(OUTCOMES.c.id == outcome_id)
    )
    version_id: UUID | None = await reading.scalar(statement)
    return version_id


async def outcome_is_certified(reading: Reading, validation: Validation) -> bool:
    """Whether a valid certificate rests on the validation's outcome.

    In a transaction that reaches everywhere.
    """
    statement = (
        select(_CERTIFICATES.c.id)
        .join(OUTCOMES, OUTCOMES.c.id == validation.outcome_id)
        .where(
            _CERTIFICATES.c.enrolment_id == validation.enrolment_id,
            # Revoked certificates do not count.
            _CERTIFICATES.c.state == "issued",
            OUTCOMES.c.is_required,
        )
    )
    return await reading.find(statement) is not None


async def get_group_version(
    reading: Reading, group_id: UUID, permission: Permission
) -> UUID:
    """The programme version that a group follows; GroupNotFound out of reach."""
    reach = _group_reach(reading.caller, permission)
    statement = select(GROUPS.c.programme_version_id).where(GROUPS.c.id == group_id)
    version_id: UUID = (await reading.one(statement.where(reach), GroupNotFound))[0]
    return version_id


async def list_sheet(
    reading: Reading, group_id: UUID, version_id: UUID
) -> Sequence[Record]:
    """Each person of a group with each outcome of the version.

    In a transaction that reaches everywhere: a group's people may be of other counties.
    """
    validated = and_(
        VALIDATIONS.c.enrolment_id == ENROLMENTS.c.id,
        VALIDATIONS.c.outcome_id == OUTCOMES.c.id,
    )
    statement = (
        select(*_SHEET)
        .select_from(ENROLMENTS)
        .join(TRAINEES, TRAINEES.c.id == ENROLMENTS.c.trainee_id)
        .join(MODULES, MODULES.c.version_id == version_id)
        .join(OUTCOMES, OUTCOMES.c.module_id == MODULES.c.id)
        # Outer: outcomes without a validation are on the sheet, too.
        .outerjoin(VALIDATIONS, validated)
        .where(ENROLMENTS.c.group_id == group_id, ENROLMENTS.c.state.in_(VALIDATED_OF))
        .order_by(*_BY_PERSON)
    )
    return await reading.rows(statement)
