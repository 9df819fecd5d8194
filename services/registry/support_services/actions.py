"""Every change of a support service."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import civil_date, civil_midnight
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.chassis.trust.access import demand
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import lock_institution
from services.registry.institutions.rules.kinds import InstitutionType
from services.registry.permissions import Permission
from services.registry.problems import InstitutionClosed, InstitutionNotFound
from services.registry.reservations.models import Reservation, has_lapsed
from services.registry.support_service_verifications.models import (
    SupportServiceVerification,
)
from services.registry.support_services import queries
from services.registry.support_services.models import SupportService
from services.registry.support_services.rules import contradictions
from services.registry.support_services.schemas import (
    SupportServiceCreate,
    SupportServiceUpdate,
)


def _subject(service: Stored, county: str, institution_id: UUID) -> Subject:
    path = f"support-services/{service.key}"
    return Subject(path, service.version, county, institution_id)


def _record(
    change: Change, action: str, subject: Subject, event: str, fields: list[str]
) -> None:
    host = {"institution_id": str(subject.institution)}
    change.record(
        action, subject, f"support-service.{event}", event_data=host, fields=fields
    )


def _require_open(host: Institution, day: date | None = None) -> None:
    """InstitutionClosed when the host is closed; with a `day`, when it was
    closed by that day.
    """
    if host.closed_on is not None and (day is None or day >= host.closed_on):
        raise InstitutionClosed(state="closed", allowed=[])


async def _lock_host(change: Change, institution_id: UUID) -> Institution:
    """The institution that is to offer a service; UnknownReference where there is none."""
    try:
        return await lock_institution(change, institution_id)
    except InstitutionNotFound:
        error = FieldError("pointer", "/institution_id", "not_found")
        raise UnknownReference(error) from None


async def _require_orderer(change: Change, institution_id: UUID | None) -> None:
    """UnknownReference or ValidationFailed unless the ordering institution is a
    local authority.
    """
    if institution_id is None:
        return
    field = "ordered_by_institution_id"
    try:
        # Locked like the host: neither can change its type before this is committed.
        orderer = await lock_institution(change, institution_id)
    except InstitutionNotFound:
        error = FieldError("pointer", f"/{field}", "not_found")
        raise UnknownReference(error) from None
    if orderer.type != InstitutionType.LOCAL_AUTHORITY:
        refuse((field, "not_local_authority"))


async def create_support_service(
    change: Change, new: SupportServiceCreate, now: datetime
) -> Stored:
    """Add a service to an institution's offer; it counts as verified by the caller."""
    host = await _lock_host(change, new.institution_id)
    county = host.county_terc
    permission = Permission.EDIT_SUPPORT_SERVICES
    demand(change.caller, permission, county=county, institution=host.id)
    # A service that was offered only before its host closed can still be entered.
    _require_open(host, new.offered_to)
    facts = new.model_dump()
    refuse(*contradictions(facts))
    await _require_orderer(change, new.ordered_by_institution_id)
    facts |= {"sector": new.sector or host.sector, "county_terc": county}
    # A new description is as good as a verification, so it starts as verified.
    facts |= {"verified_at": now, "verified_by": change.caller.subject}
    statement = insert(SupportService).values(**facts)
    service_id: UUID = await change.scalar(statement.returning(col(SupportService.id)))
    await _keep_verification(change, service_id, civil_date(now))
    service = await queries.get_support_service(change, service_id, now)
    subject = _subject(service, county, host.id)
    _record(change, "create_support_service", subject, "created", sorted(facts))
    return service


async def _keep_verification(change: Change, service_id: UUID, day: date) -> None:
    """Record that the caller found the description correct on that day."""
    person = change.caller.subject
    statement = insert(SupportServiceVerification).values(
        support_service_id=service_id, verified_on=day, recorded_by=person
    )
    await change.execute(statement)


async def lock_service(
    change: Change, permission: Permission, service_id: UUID, day: date | None = None
) -> SupportService:
    """A service within the caller's reach, locked; InstitutionClosed unless
    its host is open.

    With a `day`, the host has to be open on that day.
    """
    service = await queries.lock_support_service(change, service_id)
    demand(
        change.caller,
        permission,
        county=service.county_terc,
        institution=service.institution_id,
    )
    # Locked, so that it cannot be closed before this is committed.
    _require_open(await lock_institution(change, service.institution_id), day)
    return service


async def _lock_for_change(
    change: Change, permission: Permission, service_id: UUID, version: int
) -> SupportService:
    """The service to change, locked: within reach, its host open, unchanged
    since it was read.
    """
    service = await lock_service(change, permission, service_id)
    require_version(service.version, version)
    return service


async def _change(
    change: Change, service: SupportService, values: dict[str, Any], now: datetime
) -> Stored:
    """Set these values and the next version of a service."""
    new_version = {"version": SupportService.version + 1, "changed_at": func.now()}
    statement = update(SupportService).where(col(SupportService.id) == service.id)
    await change.execute(statement.values(**values, **new_version))
    return await queries.get_support_service(change, service.id, now)


async def amend_support_service(
    change: Change,
    service_id: UUID,
    patch: SupportServiceUpdate,
    version: int,
    now: datetime,
) -> Stored:
    """Change the fields of a service that the patch names.

    It does not count as verified again: a correction does not confirm the rest.

    Free places are neither taken nor reserved: free, reserved and taken places together
    must not be more than the capacity.
    """
    permission = Permission.EDIT_SUPPORT_SERVICES
    service = await _lock_for_change(change, permission, service_id, version)
    patched = patch.model_dump(exclude_unset=True)
    facts = service.model_dump()
    # Before the new values: places of expired reservations must not be added to the
    # free places in the patch.
    await expire_reservations(change, service, now)
    held_places = await queries.count_held_places(change, service_id)
    # A new service gets the sector of its institution; null later would remove it.
    if patched.get("sector", service.sector) is None:
        refuse(("sector", "missing"))
    refuse(*contradictions(facts | patched, held_places))
    await _require_orderer(change, patched.get("ordered_by_institution_id"))
    fields = sorted(name for name in patched if patched[name] != facts[name])
    after = await _change(change, service, patched, now)
    subject = _subject(after, service.county_terc, service.institution_id)
    _record(change, "amend_support_service", subject, "changed", fields)
    return after


async def verify_support_service(
    change: Change, service_id: UUID, version: int, now: datetime
) -> Stored:
    """Confirm that the description, as it was read, is still correct."""
    permission = Permission.VERIFY_SUPPORT_SERVICES
    service = await _lock_for_change(change, permission, service_id, version)
    await _keep_verification(change, service_id, civil_date(now))
    return await show_verification(change, service, civil_date(now), now)


async def show_verification(
    change: Change, service: SupportService, day: date, now: datetime
) -> Stored:
    """Set the verification of that day as the one that a service shows, unless it shows
    a later one. The service gets a new version in both cases.
    """
    at = now if day == civil_date(now) else civil_midnight(day)
    is_last = at > service.verified_at
    facts = {"verified_at": at, "verified_by": change.caller.subject} if is_last else {}
    after = await _change(change, service, facts, now)
    subject = _subject(after, service.county_terc, service.institution_id)
    _record(change, "verify_support_service", subject, "verified", ["verified_at"])
    return after


async def add_free_places(change: Change, service_id: UUID, number: int) -> bool:
    """Add `number` free places (negative: take some). False, without a change, when too
    few are free or the number is unknown.
    """
    places = queries.SERVICES.c.free_places + number
    statement = update(SupportService).where(
        col(SupportService.id) == service_id, places >= 0
    )
    new_version = {"version": SupportService.version + 1, "changed_at": func.now()}
    statement = statement.values(free_places=places, **new_version)
    return await change.execute(statement) == 1


async def expire_reservations(
    change: Change, service: SupportService, now: datetime
) -> None:
    """Store the expired reservations of a locked service as such, and add their places
    to the free ones.
    """
    statement = update(Reservation).where(
        col(Reservation.support_service_id) == service.id, has_lapsed(now)
    )
    new_version = {"version": Reservation.version + 1, "changed_at": func.now()}
    statement = statement.values(state="expired", **new_version)
    rows = await change.rows(
        statement.returning(col(Reservation.id), col(Reservation.version))
    )
    data = {
        "support_service_id": str(service.id),
        "institution_id": str(service.institution_id),
    }
    for reservation_id, version in rows:
        path = f"support-services/{service.id}/reservations/{reservation_id}"
        where = (service.county_terc, service.institution_id)
        # An event without an audit record: no caller did this, the time ran out.
        change.tell("reservation.expired", Subject(path, version, *where), **data)
    if rows:
        await add_free_places(change, service.id, len(rows))
