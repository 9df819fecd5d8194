"""Every question asked of the appointments."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    case,
    func,
    literal_column,
    select,
)

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Record, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.appointments.models import Appointment
from services.registry.appointments.rules.coverage import coverage
from services.registry.appointments.rules.roles import CODES, required_people
from services.registry.appointments.schemas import (
    AppointmentCoverageRead,
    AppointmentList,
    AppointmentRead,
    CoverageQuery,
)
from services.registry.institutions.models import Institution, InstitutionFunction
from services.registry.institutions.rules.kinds import FunctionKind
from services.registry.permissions import Permission
from services.registry.problems import AppointmentNotFound
from services.registry.programmes.queries import PROGRAMMES, get_programme_facts
from services.registry.sites.queries import REFERRED, SITES
from services.registry.sites.rules import OPEN

APPOINTMENTS: FromClause = rows_of(Appointment)
# An appointment that ends on its first day was called off: it holds on no day.
_BEGINS = func.coalesce(APPOINTMENTS.c.held_to > APPOINTMENTS.c.held_from, True)
_FUNCTIONS: FromClause = rows_of(InstitutionFunction)
_INSTITUTIONS: FromClause = rows_of(Institution)
# The programme stands in the row of the site, not in that of the appointment.
_JOINED = APPOINTMENTS.join(SITES, SITES.c.id == APPOINTMENTS.c.site_id)
_ELSEWHERE: dict[str, ColumnElement[Any]] = {
    "role_code": case(
        *[(APPOINTMENTS.c.role == role.value, code) for role, code in CODES.items()],
        else_=None,
    ),
    "programme_code": SITES.c.programme_code,
}
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _ELSEWHERE[name] if name in _ELSEWHERE else APPOINTMENTS.c[name]
    for name in AppointmentRead.model_fields
}


EXPANSIONS = {"site": REFERRED}


def _reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    return within(caller, permission, county=APPOINTMENTS.c.county_terc)


def _held_on(day: date) -> ColumnElement[bool]:
    return and_(
        APPOINTMENTS.c.held_from <= day,
        func.coalesce(APPOINTMENTS.c.held_to > day, True),
    )


def list_appointments(caller: Caller, query: AppointmentList) -> Listed:
    """The appointments of the caller's counties that a list or a file shows."""
    appointments: Rows = (
        select(APPOINTMENTS)
        .select_from(_JOINED)
        .where(_reach(caller, Permission.READ_APPOINTMENTS))
    )
    if query.role:
        appointments = appointments.where(
            APPOINTMENTS.c.role.in_([role.value for role in query.role])
        )
    if query.county_terc:
        appointments = appointments.where(
            APPOINTMENTS.c.county_terc.in_(query.county_terc)
        )
    if query.programme:
        appointments = appointments.where(SITES.c.programme_code == query.programme)
    for name, value in {"site_id": query.site_id, "subject": query.subject}.items():
        if value is not None:
            appointments = appointments.where(APPOINTMENTS.c[name] == value)
    if query.as_of:
        appointments = appointments.where(_held_on(query.as_of))
    sortable = {
        name: APPOINTMENTS.c[name]
        for name in ("held_from", "role", "county_terc", "changed_at")
    }
    listing = Listing(_WIRE, sortable, "-held_from", APPOINTMENTS.c.id)
    return Listed(listing, appointments, expansions=EXPANSIONS)


async def get_appointment(reading: Reading, appointment_id: UUID) -> Stored:
    """One appointment of the caller's counties."""
    columns = stored_columns(_WIRE, APPOINTMENTS.c.id, APPOINTMENTS.c.version)
    statement = (
        select(*columns)
        .select_from(_JOINED)
        .where(
            APPOINTMENTS.c.id == appointment_id,
            _reach(reading.caller, Permission.READ_APPOINTMENTS),
        )
    )
    return await reading.stored(statement, AppointmentNotFound)


async def get_site_of(reading: Reading, appointment_id: UUID) -> UUID:
    """The site of an appointment that the caller may change."""
    # Out of reach is answered as not found: the answer must not show whether anybody is
    # appointed there.
    statement = select(APPOINTMENTS.c.site_id).where(
        APPOINTMENTS.c.id == appointment_id,
        _reach(reading.caller, Permission.EDIT_APPOINTMENTS),
    )
    site_id: UUID = (await reading.one(statement, AppointmentNotFound))[0]
    return site_id


async def lock_appointment(change: Change, appointment_id: UUID) -> Appointment:
    """An appointment, locked until the transaction ends."""
    statement = select(APPOINTMENTS).where(APPOINTMENTS.c.id == appointment_id)
    return await change.instance(
        Appointment, statement.with_for_update(), AppointmentNotFound
    )


class HeldSpan(NamedTuple):
    """Who is appointed, from when until when."""

    subject: str
    held_from: date
    held_to: date | None


async def list_held(reading: Reading, site_id: UUID, role: str) -> list[HeldSpan]:
    """Every appointment to a role at a site, past and to come, unless called off."""
    columns = [APPOINTMENTS.c[name] for name in HeldSpan._fields]
    statement = select(*columns).where(
        APPOINTMENTS.c.site_id == site_id, APPOINTMENTS.c.role == role, _BEGINS
    )
    rows = await reading.rows(statement.order_by(APPOINTMENTS.c.held_from))
    return [HeldSpan(*row) for row in rows]


async def get_county_of(reading: Reading, institution_id: UUID) -> str:
    """The county of an institution; UnknownReference when it is not registered."""
    statement: Rows = select(_INSTITUTIONS.c.county_terc).where(
        _INSTITUTIONS.c.id == institution_id
    )
    county = await reading.scalar(statement)
    if county is None:
        raise UnknownReference(FieldError("pointer", "/institution_id", "not_found"))
    return str(county)


async def institution_is_coordinating(
    reading: Reading, institution_id: UUID, county: str, day: date
) -> bool:
    """Whether an institution holds the function of coordinating institution for a county on a day."""
    rows = _FUNCTIONS.c
    functions: Rows = select(literal_column("1")).where(
        rows.institution_id == institution_id,
        rows.county_terc == county,
        rows.kind == FunctionKind.COORDINATING_INSTITUTION,
        rows.held_from <= day,
        func.coalesce(rows.held_to > day, True),
    )
    # A shared lock: the function cannot be ended while somebody is
    # appointed because of it.
    statement = functions.limit(1).with_for_update(read=True)
    return await reading.find(statement) is not None


async def list_sites_to_cover(
    reading: Reading, query: CoverageQuery, day: date
) -> Sequence[Record]:
    """The sites of a programme, in the caller's counties, that are open on a day or ended after it."""
    columns = [
        SITES.c[name]
        for name in ("id", "name", "county_terc", "status", "started_on", "ended_on")
    ]
    open_ = SITES.c.status.in_([status.value for status in OPEN]) | (
        SITES.c.ended_on > day
    )
    reach = within(
        reading.caller, Permission.READ_APPOINTMENTS, county=SITES.c.county_terc
    )
    sites: Rows = (
        select(*columns, PROGRAMMES.c.ends_on.label("programme_ends_on"))
        .select_from(
            SITES.join(PROGRAMMES, PROGRAMMES.c.code == SITES.c.programme_code)
        )
        .where(SITES.c.programme_code == query.programme, open_, reach)
    )
    if query.county_terc:
        sites = sites.where(SITES.c.county_terc.in_(query.county_terc))
    return await reading.rows(sites.order_by(in_polish_order(SITES.c.name), SITES.c.id))


async def list_people(reading: Reading, query: CoverageQuery) -> Sequence[Record]:
    """Everybody ever appointed to the sites of a programme, in the caller's counties."""
    names = ("id", "site_id", "role", "subject", "held_from", "held_to")
    people: Rows = (
        select(*[APPOINTMENTS.c[name] for name in names])
        .select_from(_JOINED)
        .where(
            SITES.c.programme_code == query.programme,
            # Past ones too: the gaps of the past are shown as well.
            _BEGINS,
            _reach(reading.caller, Permission.READ_APPOINTMENTS),
        )
    )
    if query.county_terc:
        people = people.where(SITES.c.county_terc.in_(query.county_terc))
    order = (APPOINTMENTS.c.role, APPOINTMENTS.c.held_from, APPOINTMENTS.c.id)
    return await reading.rows(people.order_by(*order))


async def get_coverage(
    reading: Reading, query: CoverageQuery, day: date
) -> AppointmentCoverageRead:
    """Where a programme has its people on a day, and where it lacks them."""
    programme = await get_programme_facts(reading, query.programme)
    required = required_people(
        needs_coordinator=programme.needs_coordinator,
        animators_per_site=programme.animators_per_site,
    )
    sites = await list_sites_to_cover(reading, query, day)
    people = await list_people(reading, query)
    totals, site_rows = coverage(sites, people, required, day)
    facts = {
        "programme_code": programme.code,
        "as_of": day,
        "required_per_site": required,
    }
    return AppointmentCoverageRead.model_validate(
        facts | {"totals": totals, "sites": site_rows}
    )
