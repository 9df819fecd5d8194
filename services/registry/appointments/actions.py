"""Every change of an appointment."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.work import Change, Record
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
from services.registry.sites.rules import OPEN

_OF_PROGRAMME = ("animators_per_site", "starts_on", "ends_on")


def _note(change: Change, caller: Caller, action: str, event: str, row: Record) -> None:
    """The audit record and the event: which appointment to which site, never whose."""
    subject, detail = (
        f"appointments/{row.id}",
        {"role": row.role, "site_id": str(row.site_id)},
    )
    audit.record(change, caller, action, subject, county=row.county_terc, detail=detail)
    data = {"href": f"/v1/registry/{subject}", **detail}
    events.emit(
        change,
        f"registry.appointment.{event}",
        subject,
        row.version,
        county=row.county_terc,
        data=data,
    )


def _spans(held: Sequence[Record]) -> list[Span]:
    return [Span(row.held_from, row.held_to) for row in held]


async def _site_for(
    change: Change, caller: Caller, new: AppointmentCreate
) -> LockedSite:
    """The site, held so that nobody else is appointed to it meanwhile; within reach and open."""
    try:
        site = await lock_site(change, new.site_id)
    except SiteNotFound:
        raise UnknownReference(FieldError("pointer", "/site_id", "not_found")) from None
    demand(caller, Permission.EDIT_APPOINTMENTS, county=site.county_terc)
    if site.status not in OPEN:
        raise StateConflict(state=site.status, allowed=[])
    return site


async def _check_institution(
    change: Change, new: AppointmentCreate, county: str
) -> None:
    """Unless there is none: registered; for a KIK of the site's county and its coordinating institution by then."""
    if new.institution_id is None:
        return
    its_county = await queries.get_county_of(change, new.institution_id)
    if new.role is not Role.COORDINATING_INSTITUTION_COORDINATOR:
        return
    if its_county != county:
        raise ValidationFailed(
            FieldError("pointer", "/institution_id", "outside_county")
        )
    if not await queries.institution_is_coordinating(
        change, new.institution_id, county, new.held_from
    ):
        raise NotCoordinatingInstitution(missing=["coordinating_institution"])


def _check_others(
    new: AppointmentCreate, held: Sequence[Record], animators: int | None
) -> None:
    """Nobody twice in one role at one site at one time; one KWM; no more animators than the programme has."""
    asked = Span(new.held_from, new.held_to)
    if any(
        row.subject == new.subject and asked.overlaps(Span(row.held_from, row.held_to))
        for row in held
    ):
        raise AlreadyAppointed()
    most = roles.most_allowed(new.role, animators)
    if most is None or roles.most_at_once(asked, _spans(held)) < most:
        return
    raise (
        AnimatorsComplete(most=most)
        if new.role is Role.ANIMATOR
        else CoordinatorAlreadyAppointed(most=most)
    )


def _gaps(
    site: LockedSite, role: Role, held: Sequence[Record], today: date
) -> list[coverage.Gap]:
    required = _required(site).get(role, 0)
    window = coverage.window_of(site, _spans(held), today)
    return coverage.gaps(_spans(held), required, window) if window else []


def _required(site: LockedSite) -> dict[Role, int]:
    return roles.required_people(
        needs_coordinator=site.programme_needs_coordinator,
        animators_per_site=site.programme_animators_per_site,
    )


async def _answer(
    change: Change,
    caller: Caller,
    site: LockedSite,
    row: Record,
    before: Sequence[Record],
    today: date,
) -> Answer:
    """The appointment as it is now, with the gaps that the change leaves."""
    role, after = Role(row.role), await queries.list_held(change, site.id, row.role)
    left = coverage.new_warnings(
        role,
        _required(site).get(role, 0),
        _gaps(site, role, before, today),
        _gaps(site, role, after, today),
    )
    answer = await queries.get_appointment(change, None, caller, row.id)
    body = json.loads(bytes(answer.body)) | {"warnings": left}
    return Answer(
        json.dumps(body, ensure_ascii=False),
        headers={"etag": answer.headers["etag"], "cache-control": "no-cache"},
    )


async def appoint_person(
    change: Change, caller: Caller, new: AppointmentCreate, today: date
) -> Answer:
    """Appoint a person, by their account, to a role at a site."""
    site = await _site_for(change, caller, new)
    facts = new.model_dump()
    programme: dict[str, Any] = {
        name: getattr(site, f"programme_{name}") for name in _OF_PROGRAMME
    }
    wrong = roles.contradictions(facts, programme)
    if wrong:
        raise ValidationFailed(
            *[FieldError("pointer", f"/{name}", code) for name, code in wrong]
        )
    await _check_institution(change, new, site.county_terc)
    before = await queries.list_held(change, site.id, new.role)
    _check_others(new, before, programme["animators_per_site"])
    statement = (
        insert(Appointment)
        .values(**facts, county_terc=site.county_terc)
        .returning(*queries.APPOINTMENTS.c)
    )
    row = await change.one(statement)
    _note(change, caller, "appoint_person", "created", row)
    answer = await _answer(change, caller, site, row, before, today)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/registry/appointments/{row.id}"
    return answer


async def end_appointment(
    change: Change,
    caller: Caller,
    appointment_id: UUID,
    end: AppointmentEnd,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Let a person leave a role, or never begin it; what that leaves open is told."""
    site = await lock_site(
        change, await queries.get_site_of(change, caller, appointment_id)
    )
    row = await queries.lock_appointment(change, appointment_id)
    if expected_version(if_match, appointment_id) != row.version:
        raise VersionMismatch()
    if row.held_to is not None and (
        row.held_to <= today or row.held_to == row.held_from
    ):
        raise StateConflict(state="ended", allowed=[])
    if not roles.may_end_on(Span(row.held_from, row.held_to), end.held_to, today):
        raise ValidationFailed(FieldError("pointer", "/held_to", "wrong_order"))
    before = await queries.list_held(change, site.id, row.role)
    values = {
        "held_to": end.held_to,
        "ending_reason": end.reason,
        "version": Appointment.version + 1,
    }
    statement = (
        update(Appointment)
        .where(col(Appointment.id) == row.id)
        .values(**values, changed_at=func.now())
    )
    ended = await change.one(statement.returning(*queries.APPOINTMENTS.c))
    _note(change, caller, "end_appointment", "ended", ended)
    return await _answer(change, caller, site, ended, before, today)
