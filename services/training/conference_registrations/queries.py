"""Every query of registrations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import AuditedReading, Change, Reading, Rows, Stored
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.authorities.models import Authority
from services.training.conference_registrations.models import ConferenceRegistration
from services.training.conference_registrations.rules import RegistrationState
from services.training.conference_registrations.schemas import (
    RegistrationList,
    RegistrationRead,
)
from services.training.permissions import Permission
from services.training.problems import RegistrationNotFound

REGISTRATIONS = rows_of(ConferenceRegistration)
_AUTHORITIES = rows_of(Authority)
_WIRE = {name: REGISTRATIONS.c[name] for name in RegistrationRead.model_fields}
STORED = stored_columns(_WIRE, REGISTRATIONS.c.id, REGISTRATIONS.c.version)
_NAMES = ("conference_id", "state", "audience", "county_terc")
_LIST = Filtered(
    Listing(
        _WIRE,
        {"sequence": REGISTRATIONS.c.sequence},
        "sequence",
        REGISTRATIONS.c.id,
    ),
    REGISTRATIONS,
    {name: Filter(REGISTRATIONS.c[name]) for name in _NAMES},
    county=REGISTRATIONS.c.county_terc,
)


def list_registrations(
    conference_id: UUID, query: RegistrationList, caller: Caller
) -> Listed:
    """A conference's registrations within the caller's reach."""
    values = {name: getattr(query, name) for name in _NAMES[1:]}
    values |= {"conference_id": conference_id}
    return filtered(_LIST, values, caller, Permission.READ_REGISTRATIONS)


async def get_registration(
    reading: Reading, registration_id: UUID, permission: Permission
) -> ConferenceRegistration:
    """One registration that the permission reaches."""
    lookup = by_key(_LIST, registration_id, reading.caller, permission)
    problem = RegistrationNotFound
    return await reading.instance(
        ConferenceRegistration, lookup.statement, problem, lookup.values
    )


async def get_own_registration(
    change: AuditedReading, conference_id: UUID
) -> ConferenceRegistration:
    """The caller's own registration for a conference, unless withdrawn."""
    statement = select(REGISTRATIONS).where(
        REGISTRATIONS.c.conference_id == conference_id,
        REGISTRATIONS.c.account == change.caller.subject,
        REGISTRATIONS.c.state != RegistrationState.WITHDRAWN,
    )
    return await change.instance(
        ConferenceRegistration, statement, RegistrationNotFound
    )


async def list_conferences_of(reading: Reading, account: str) -> Sequence[UUID]:
    """The conferences that an account has ever registered for, by id."""
    statement = select(REGISTRATIONS.c.conference_id).distinct()
    of_account = statement.where(REGISTRATIONS.c.account == account)
    return await reading.scalars(of_account.order_by(REGISTRATIONS.c.conference_id))


_ONE: Rows = select(*STORED).where(REGISTRATIONS.c.id == bindparam("key"))


async def get_stored(reading: Reading, registration_id: UUID) -> Stored:
    """The answer of a registration that was already found within reach."""
    return await reading.stored(_ONE, RegistrationNotFound, {"key": registration_id})


async def lock_registration(
    change: Change, registration_id: UUID
) -> ConferenceRegistration:
    """A registration, locked after its conference."""
    statement = select(REGISTRATIONS).where(REGISTRATIONS.c.id == registration_id)
    return await change.instance(
        ConferenceRegistration, statement.with_for_update(), RegistrationNotFound
    )


def next_in_line(conference_id: UUID, free: int) -> ColumnElement[bool]:
    """The condition for the first `free` waiting people, by order of registration."""
    first = (
        select(REGISTRATIONS.c.id)
        .where(
            REGISTRATIONS.c.conference_id == conference_id,
            REGISTRATIONS.c.state == RegistrationState.WAITLISTED,
        )
        .order_by(REGISTRATIONS.c.sequence)
        .limit(free)
    )
    return REGISTRATIONS.c.id.in_(first)


async def find_authority(
    reading: Reading, authority_id: UUID
) -> tuple[UUID, str, str] | None:
    """An authority's programme, state and county; None where there is none."""
    columns = _AUTHORITIES.c
    statement = select(columns.programme_id, columns.state, columns.county_terc)
    row = await reading.find(statement.where(columns.id == authority_id))
    return None if row is None else (row[0], row[1], row[2])
