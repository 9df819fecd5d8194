"""Every query of the facts by which a certificate is earned."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Record
from services.chassis.trust.access import within
from services.chassis.web.polish import in_polish_order
from services.training.certificate_readiness.rules import EARNED_IN
from services.training.certificates.models import Certificate
from services.training.enrolments.models import Enrolment
from services.training.groups.models import Group
from services.training.permissions import Permission
from services.training.problems import GroupNotFound
from services.training.programme_versions.models import (
    LearningOutcome,
    ProgrammeModule,
    ProgrammeVersion,
)
from services.training.programmes.models import Programme
from services.training.trainees.models import Trainee
from services.training.validations.models import Validation

_GROUPS = rows_of(Group)
_ENROLMENTS = rows_of(Enrolment)
_TRAINEES = rows_of(Trainee)
_PROGRAMMES = rows_of(Programme)
_VERSIONS = rows_of(ProgrammeVersion)
_MODULES = rows_of(ProgrammeModule)
_OUTCOMES = rows_of(LearningOutcome)
_VALIDATIONS = rows_of(Validation)
_CERTIFICATES = rows_of(Certificate)
_VALID = select(_CERTIFICATES.c.id).where(_CERTIFICATES.c.state == "issued")


async def get_group(reading: Reading, group_id: UUID, permission: Permission) -> Group:
    """A group of a county in which the caller has the permission."""
    # By county alone: a trainee reads certificates, not the group's readiness.
    reach = within(reading.caller, permission, county=_GROUPS.c.county_terc)
    statement = select(_GROUPS).where(_GROUPS.c.id == group_id, reach)
    return await reading.instance(Group, statement, GroupNotFound)


async def get_frame(reading: Reading, group: Group) -> Record:
    """The programme and the version that a group follows."""
    statement = (
        select(
            _PROGRAMMES.c.code.label("programme_code"),
            *(_PROGRAMMES.c[name] for name in ("title_pl", "title_en")),
            *(_PROGRAMMES.c[name] for name in ("client", "contractor")),
            _VERSIONS.c.number.label("version_number"),
            _VERSIONS.c.attendance_percent,
        )
        .join(_PROGRAMMES, _PROGRAMMES.c.id == _VERSIONS.c.programme_id)
        .where(_VERSIONS.c.id == group.programme_version_id)
    )
    return await reading.one(statement)


async def list_modules(reading: Reading, version_id: UUID) -> Sequence[Record]:
    """The modules of a version, in order."""
    statement = select(_MODULES).where(_MODULES.c.version_id == version_id)
    return await reading.rows(statement.order_by(_MODULES.c.number))


async def list_outcomes(reading: Reading, version_id: UUID) -> Sequence[Record]:
    """The outcomes of a version, by module and code."""
    number = _MODULES.c.number.label("module_number")
    statement = (
        select(_OUTCOMES, number)
        .join(_MODULES, _MODULES.c.id == _OUTCOMES.c.module_id)
        .where(_MODULES.c.version_id == version_id)
    )
    return await reading.rows(statement.order_by(number, _OUTCOMES.c.code))


async def list_people(reading: Reading, group_id: UUID) -> Sequence[Record]:
    """The people trained in a group by name, and whether each has a valid certificate.

    In a transaction that reaches everywhere.
    """
    has_certificate = _VALID.where(_CERTIFICATES.c.enrolment_id == _ENROLMENTS.c.id)
    statement = (
        select(
            _ENROLMENTS.c.id,
            _ENROLMENTS.c.trainee_id,
            has_certificate.exists().label("has_certificate"),
        )
        .join(_TRAINEES, _TRAINEES.c.id == _ENROLMENTS.c.trainee_id)
        .where(_ENROLMENTS.c.group_id == group_id, _ENROLMENTS.c.state.in_(EARNED_IN))
        .order_by(
            in_polish_order(_TRAINEES.c.family_name),
            in_polish_order(_TRAINEES.c.given_name),
            _ENROLMENTS.c.id,
        )
    )
    return await reading.rows(statement)


async def get_validated(reading: Reading, enrolment_id: UUID) -> dict[UUID, Record]:
    """The validations of one enrolment, by outcome id.

    In a transaction that reaches everywhere.
    """
    columns = ("outcome_id", "is_achieved", "validated_on")
    statement = select(*(_VALIDATIONS.c[name] for name in columns))
    rows = await reading.rows(
        statement.where(_VALIDATIONS.c.enrolment_id == enrolment_id)
    )
    # By outcome id, by which `get_earned` looks them up.
    return {row.outcome_id: row for row in rows}
