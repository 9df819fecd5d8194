"""Every change of an appointment."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.registry.appointments import queries
from services.registry.appointments.models import Appointment
from services.registry.appointments.rules import coverage, roles
from services.registry.appointments.rules.roles import Role, Span
from services.registry.appointments.schemas import AppointmentCreate, AppointmentEnd
from services.registry.permissions import Permission
from services.registry.problems import (
    AlreadyAppointed,
    AnimatorsComplete,
    CoordinatorAlreadyAppointed,
    NotCoordinatingInstitution,
    SiteNotFound,
)
from services.registry.sites.queries import LockedSite, lock_site
from services.registry.sites.rules import took_part
from services.registry.tables import also_recording, recording

_OF_PROGRAMME = ("animators_per_site", "starts_on", "ends_on")


def _record(change: Change, action: str, event: str, appointment: Appointment) -> None:
    """The audit record and the event: which appointment to which site, never whose."""
    # The account is personal data: followers of the feed get the role and the site.
    path, county = f"appointments/{appointment.id}", appointment.county_terc
    change.record(
        action,
        Subject(path, appointment.version, county),
        f"appointment.{event}",
        role=appointment.role,
        site_id=str(appointment.site_id),
    )


def _spans(appointments: Sequence[queries.HeldSpan]) -> list[Span]:
    return [Span(row.held_from, row.held_to) for row in appointments]


async def _site_for(change: Change, new: AppointmentCreate) -> LockedSite:
    """The site, within reach, locked so that nobody else is appointed to it meanwhile.

    StateConflict when the site has ended, unless the appointment's last day lies in
    the site's time: the past may be entered late.
    """
    try:
        site = await lock_site(change, new.site_id)
    # The site is named in the body: a wrong field, not an address that does not exist.
    except SiteNotFound:
        raise UnknownReference(FieldError("pointer", "/site_id", "not_found")) from None
    demand(change.caller, Permission.EDIT_APPOINTMENTS, county=site.county_terc)
    # An appointment without an end would outlast the site.
    last = new.held_to - timedelta(days=1) if new.held_to else date.max
    if not took_part(site.status, site.ended_on, last):
        raise StateConflict(state=site.status, allowed=[])
    return site


async def _check_institution(
    change: Change, new: AppointmentCreate, county: str
) -> None:
    """Check the institution, where one is named: it has to be registered.

    The institution of a KIK has to lie in the site's county, and to be the county's
    coordinating institution on the first day.
    """
    if new.institution_id is None:
        return
    seat_county = await queries.get_county_of(change, new.institution_id)
    # For the other roles no source says at which institution they work.
    if new.role is not Role.COORDINATING_INSTITUTION_COORDINATOR:
        return
    if seat_county != county:
        refuse(("institution_id", "outside_county"))
    if not await queries.institution_is_coordinating(
        change, new.institution_id, county, new.held_from
    ):
        raise NotCoordinatingInstitution(missing=["coordinating_institution"])


def _check_others(
    new: AppointmentCreate,
    others: Sequence[queries.HeldSpan],
    animators_per_site: int | None,
) -> None:
    """Refuse a person who already holds the role in that time, a second KWM, or too
    many animators.
    """
    span, spans = Span(new.held_from, new.held_to), _spans(others)
    is_same_person = [other.subject == new.subject for other in others]
    if any(
        is_same and span.overlaps(other)
        for is_same, other in zip(is_same_person, spans, strict=True)
    ):
        raise AlreadyAppointed()
    most = roles.most_allowed(new.role, animators_per_site)
    # Counted on the fullest day: spans that only follow one another do not add up.
    if most is None or roles.most_at_once(span, spans) < most:
        return
    if new.role is Role.ANIMATOR:
        raise AnimatorsComplete(most=most)
    raise CoordinatorAlreadyAppointed(most=most)


def _gaps(
    site: LockedSite, role: Role, appointments: Sequence[queries.HeldSpan], today: date
) -> list[coverage.Gap]:
    required, spans = _required(site).get(role, 0), _spans(appointments)
    window = coverage.window_of(site, spans, today)
    return coverage.gaps(spans, required, window) if window else []


def _required(site: LockedSite) -> dict[Role, int]:
    return roles.required_people(
        needs_coordinator=site.programme_needs_coordinator,
        animators_per_site=site.programme_animators_per_site,
    )


async def _with_warnings(
    change: Change,
    site: LockedSite,
    appointment: Appointment,
    before: Sequence[queries.HeldSpan],
    today: date,
) -> Stored:
    """The appointment as it is now, with the gaps that the change leaves."""
    role = Role(appointment.role)
    # Gaps are reported, not refused: people leave whether or not there is a successor.
    after = await queries.list_held(change, site.id, role)
    warnings = coverage.new_warnings(
        role,
        _required(site).get(role, 0),
        _gaps(site, role, before, today),
        _gaps(site, role, after, today),
    )
    stored = await queries.get_appointment(change, appointment.id)
    # PostgreSQL has made the JSON of the row; warnings follow from rules in Python.
    body = json.loads(stored.body) | {"warnings": warnings}
    return stored._replace(body=json.dumps(body, ensure_ascii=False))


async def appoint_person(change: Change, new: AppointmentCreate, today: date) -> Stored:
    """Appoint a person, by their account, to a role at a site."""
    site = await _site_for(change, new)
    facts = new.model_dump()
    programme: dict[str, Any] = {
        name: getattr(site, f"programme_{name}") for name in _OF_PROGRAMME
    }
    refuse(*roles.contradictions(facts, programme))
    await _check_institution(change, new, site.county_terc)
    # Under the site's lock: nobody else is appointed here before this transaction ends.
    before = await queries.list_held(change, site.id, new.role)
    _check_others(new, before, programme["animators_per_site"])
    # A copy of the site's county, which never changes: lists are narrowed to a caller's
    # counties without looking at sites.
    days = ["held_from", "held_to"] if new.held_to else ["held_from"]
    facts["recorded"] = recording(change.caller.subject, *days)
    statement = insert(Appointment).values(**facts, county_terc=site.county_terc)
    row = await change.one(statement.returning(*queries.APPOINTMENTS.c))
    appointment = Appointment(**row._mapping)
    _record(change, "appoint_person", "created", appointment)
    return await _with_warnings(change, site, appointment, before, today)


def _check_end(appointment: Appointment, end: AppointmentEnd, today: date) -> None:
    """StateConflict when the appointment has ended or was called off; ValidationFailed when it cannot end then."""
    begins, ends = appointment.held_from, appointment.held_to
    # A span that ends on its first day was called off.
    if ends is not None and (ends <= today or ends == begins):
        raise StateConflict(state="ended", allowed=[])
    if not roles.may_end_on(Span(begins, ends), end.held_to, today):
        refuse(("held_to", "wrong_order"))


async def end_appointment(
    change: Change,
    appointment_id: UUID,
    end: AppointmentEnd,
    version: int,
    today: date,
) -> Stored:
    """End an appointment, or call it off before it begins; the answer
    warns of new gaps.
    """
    # The site is locked first, as in `appoint_person`: the other order could deadlock.
    site = await lock_site(change, await queries.get_site_of(change, appointment_id))
    appointment = await queries.lock_appointment(change, appointment_id)
    require_version(appointment.version, version)
    _check_end(appointment, end, today)
    before = await queries.list_held(change, site.id, appointment.role)
    statement = update(Appointment).where(col(Appointment.id) == appointment_id)
    statement = statement.values(
        held_to=end.held_to,
        ending_reason=end.reason,
        recorded=also_recording(Appointment, change.caller.subject, "held_to"),
        version=Appointment.version + 1,
        changed_at=func.now(),
    )
    row = await change.one(statement.returning(*queries.APPOINTMENTS.c))
    ended = Appointment(**row._mapping)
    _record(change, "end_appointment", "ended", ended)
    return await _with_warnings(change, site, ended, before, today)
