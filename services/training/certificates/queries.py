"""Every query of certificates and of the facts by which they are earned."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.attendances.models import Attendance
from services.training.certificates.models import Certificate
from services.training.certificates.schemas import CertificateList, CertificateRead
from services.training.enrolments.models import Enrolment
from services.training.groups.models import Group
from services.training.permissions import Permission
from services.training.problems import CertificateNotFound
from services.training.programme_versions.models import (
    LearningOutcome,
    ProgrammeModule,
    ProgrammeVersion,
)
from services.training.programmes.models import Programme
from services.training.sessions.models import Session
from services.training.trainees.models import Trainee
from services.training.validations.models import Validation

CERTIFICATES = rows_of(Certificate)
_GROUPS = rows_of(Group)
_ENROLMENTS = rows_of(Enrolment)
_TRAINEES = rows_of(Trainee)
_PROGRAMMES = rows_of(Programme)
_VERSIONS = rows_of(ProgrammeVersion)
_MODULES = rows_of(ProgrammeModule)
_OUTCOMES = rows_of(LearningOutcome)
_SESSIONS = rows_of(Session)
_ATTENDANCES = rows_of(Attendance)
_VALIDATIONS = rows_of(Validation)
# Composed at reading: the sequence in it is only known after the insert.
NUMBER: ColumnElement[str] = func.concat_ws(
    "/",
    CERTIFICATES.c.content["programme_code"].astext,
    cast(func.date_part("year", CERTIFICATES.c.issued_on), Text),
    func.lpad(cast(CERTIFICATES.c.sequence, Text), 6, "0"),
)
"""`rules.certificate_number` as SQL."""
_COMPUTED: dict[str, ColumnElement[Any]] = {
    "number": NUMBER,
    "has_link": CERTIFICATES.c.link_digest.is_not(None),
}
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _COMPUTED[name] if name in _COMPUTED else CERTIFICATES.c[name]
    for name in CertificateRead.model_fields
}
_VALID = select(CERTIFICATES.c.id).where(CERTIFICATES.c.state == "issued")
_OBJECTS = {"trainee": CERTIFICATES.c.trainee_id}
_NARROWING = ("group_id", "trainee_id", "programme_version_id", "state")
_SORTED = ("created_at", "issued_on", "family_name")
_LIST = Filtered(
    Listing(
        _WIRE,
        {name: CERTIFICATES.c[name] for name in _SORTED}
        | {"family_name": in_polish_order(CERTIFICATES.c.family_name)},
        "-created_at",
        CERTIFICATES.c.id,
    ),
    CERTIFICATES,
    {name: Filter(CERTIFICATES.c[name]) for name in _NARROWING},
    CERTIFICATES.c.county_terc,
    objects=_OBJECTS,
)


def _reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    county = CERTIFICATES.c.county_terc
    return within(caller, permission, county=county, objects=_OBJECTS)


def list_certificates(reading: Reading, query: CertificateList) -> Listed:
    """The certificates within the caller's reach."""
    values = query.model_dump(include={*_NARROWING})
    return filtered(_LIST, values, reading.caller, Permission.READ_CERTIFICATES)


async def get_certificate(reading: Reading, certificate_id: UUID) -> Certificate:
    """A certificate within the caller's reach."""
    lookup = by_key(_LIST, certificate_id, reading.caller, Permission.READ_CERTIFICATES)
    return await reading.instance(
        Certificate, lookup.statement, CertificateNotFound, lookup.values
    )


_ONE: Rows = select(
    *stored_columns(_WIRE, CERTIFICATES.c.id, CERTIFICATES.c.version)
).where(CERTIFICATES.c.id == bindparam("key"))


async def get_stored(reading: Reading, certificate_id: UUID) -> Stored:
    """The answer of a certificate that was already found within reach."""
    return await reading.stored(_ONE, CertificateNotFound, {"key": certificate_id})


async def lock_certificate(
    change: Change, certificate_id: UUID, permission: Permission
) -> Certificate:
    """A certificate that the permission reaches, locked until the transaction ends."""
    reach = _reach(change.caller, permission)
    statement = select(CERTIFICATES).where(CERTIFICATES.c.id == certificate_id, reach)
    # Of two revocations at once, the second finds the certificate revoked.
    locking = statement.with_for_update()
    return await change.instance(Certificate, locking, CertificateNotFound)


async def certificate_exists(reading: Reading, enrolment_id: UUID) -> bool:
    """Whether an enrolment has a valid certificate. The enrolment has to be locked."""
    of_enrolment = CERTIFICATES.c.enrolment_id == enrolment_id
    return await reading.find(_VALID.where(of_enrolment)) is not None


async def find_name(reading: Reading, trainee_id: UUID) -> tuple[str, str] | None:
    """Given and family name of a trainee; None where the trainee was erased.

    In a transaction that reaches everywhere.
    """
    columns = (_TRAINEES.c.given_name, _TRAINEES.c.family_name)
    given_name, family_name = await reading.one(
        select(*columns).where(_TRAINEES.c.id == trainee_id)
    )
    return (
        None if given_name is None or family_name is None else (given_name, family_name)
    )
