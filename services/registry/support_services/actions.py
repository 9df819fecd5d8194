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
    """InstitutionClosed when the host is closed, or was on the day of what is recorded."""
    if host.closed_on is not None and (day is None or day >= host.closed_on):
        raise InstitutionClosed(state="closed", allowed=[])


async def _lock_host(change: Change, institution_id: UUID) -> Institution:
    """The institution that is to offer a service; UnknownReference where there is none."""
    try:
        return await lock_institution(change, institution_id)
    except InstitutionNotFound:
        unknown = FieldError("pointer", "/institution_id", "not_found")
        raise UnknownReference(unknown) from None


async def _require_orderer(change: Change, institution_id: UUID | None) -> None:
    """UnknownReference or ValidationFailed unless who orders is a local authority."""
    if institution_id is None:
        return
    field = "ordered_by_institution_id"
    try:
        # Locked as its host is: neither changes its type before this is committed.
        orderer = await lock_institution(change, institution_id)
    except InstitutionNotFound:
        unknown = FieldError("pointer", f"/{field}", "not_found")
        raise UnknownReference(unknown) from None
    if orderer.type != InstitutionType.LOCAL_AUTHORITY:
        refuse((field, "not_local_authority"))


async def create_support_service(
    change: Change, new: SupportServiceCreate, now: datetime
) -> Stored:
    """Let an institution offer a service; it counts as verified by whoever described it."""
    host = await _lock_host(change, new.institution_id)
    county = host.county_terc
    permission = Permission.EDIT_SUPPORT_SERVICES
    demand(change.caller, permission, county=county, institution=host.id)
    # What was offered until before its host closed can still be described.
    _require_open(host, new.offered_to)
    facts = new.model_dump()
    refuse(*contradictions(facts))
    await _require_orderer(change, new.ordered_by_institution_id)
    facts |= {"sector": new.sector or host.sector, "county_terc": county}
    # Whoever writes a description has just looked: it begins its life verified.
    facts |= {"verified_at": now, "verified_by": change.caller.subject}
    statement = insert(SupportService).values(**facts)
    service_id: UUID = await change.scalar(statement.returning(col(SupportService.id)))
    await _keep_verification(change, service_id, civil_date(now))
    service = await queries.get_support_service(change, service_id, now)
    subject = _subject(service, county, host.id)
    _record(change, "create_support_service", subject, "created", sorted(facts))
    return service


async def _keep_verification(change: Change, service_id: UUID, day: date) -> None:
    """Keep that the caller found the description right on that day."""
    person = change.caller.subject
    statement = insert(SupportServiceVerification).values(
        support_service_id=service_id, verified_on=day, recorded_by=person
    )
    await change.execute(statement)


async def lock_service(
    change: Change, permission: Permission, service_id: UUID, day: date | None = None
) -> SupportService:
    """A service within the caller's reach, locked, its host open (on that day, where there is
    one).
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


async def _locked_for(
    change: Change, permission: Permission, service_id: UUID, version: int
) -> SupportService:
    """The service to change: within reach, its host open, unchanged since it was read."""
    service = await lock_service(change, permission, service_id)
    require_version(service.version, version)
    return service


async def _change(
    change: Change, service: SupportService, values: dict[str, Any], now: datetime
) -> Stored:
    """Give a service these values and its next version."""
    stamped = {"version": SupportService.version + 1, "changed_at": func.now()}
    statement = update(SupportService).where(col(SupportService.id) == service.id)
    await change.execute(statement.values(**values, **stamped))
    return await queries.get_support_service(change, service.id, now)


async def amend_support_service(
    change: Change,
    service_id: UUID,
    patch: SupportServiceUpdate,
    version: int,
    now: datetime,
) -> Stored:
    """Change what the patch names.

    It is as verified as it was: who corrects a word has not asked about the rest.

    Free places are those that nobody occupies and no reservation holds: together they are no
    more than the capacity.
    """
    permission = Permission.EDIT_SUPPORT_SERVICES
    service = await _locked_for(change, permission, service_id, version)
    patched = patch.model_dump(exclude_unset=True)
    facts = service.model_dump()
    # A new service takes its institution's sector; later null would leave it without
    # one.
    # What has lapsed is free by now: it must not come on top of what is said to be free.
    await expire_reservations(change, service, now)
    held = await queries.count_held_places(change, service_id)
    if patched.get("sector", service.sector) is None:
        refuse(("sector", "missing"))
    refuse(*contradictions(facts | patched, held))
    await _require_orderer(change, patched.get("ordered_by_institution_id"))
    fields = sorted(name for name in patched if patched[name] != facts[name])
    after = await _change(change, service, patched, now)
    subject = _subject(after, service.county_terc, service.institution_id)
    _record(change, "amend_support_service", subject, "changed", fields)
    return after


async def verify_support_service(
    change: Change, service_id: UUID, version: int, now: datetime
) -> Stored:
    """Confirm that the description, as it was read, still holds."""
    permission = Permission.VERIFY_SUPPORT_SERVICES
    service = await _locked_for(change, permission, service_id, version)
    await _keep_verification(change, service_id, civil_date(now))
    return await show_verification(change, service, civil_date(now), now)


async def show_verification(
    change: Change, service: SupportService, day: date, now: datetime
) -> Stored:
    """Let a service show a verification of that day, unless it shows a later one; it has a new
    version all the same.
    """
    at = now if day == civil_date(now) else civil_midnight(day)
    is_last = at > service.verified_at
    last = {"verified_at": at, "verified_by": change.caller.subject} if is_last else {}
    after = await _change(change, service, last, now)
    subject = _subject(after, service.county_terc, service.institution_id)
    _record(change, "verify_support_service", subject, "verified", ["verified_at"])
    return after


async def add_free_places(change: Change, service_id: UUID, number: int) -> bool:
    """So many more (or less) free places; False, and no change, where there are not so many or nobody knows."""
    places = queries.SERVICES.c.free_places + number
    statement = update(SupportService).where(
        col(SupportService.id) == service_id, places >= 0
    )
    stamped = {"version": SupportService.version + 1, "changed_at": func.now()}
    return await change.execute(statement.values(free_places=places, **stamped)) == 1


async def expire_reservations(
    change: Change, service: SupportService, now: datetime
) -> None:
    """Book the places of a locked service whose reservations are over by now as free."""
    statement = update(Reservation).where(
        col(Reservation.support_service_id) == service.id, has_lapsed(now)
    )
    stamped = {"version": Reservation.version + 1, "changed_at": func.now()}
    statement = statement.values(state="expired", **stamped)
    lapsed = await change.rows(
        statement.returning(col(Reservation.id), col(Reservation.version))
    )
    data = {
        "support_service_id": str(service.id),
        "institution_id": str(service.institution_id),
    }
    for reservation_id, version in lapsed:
        path = f"support-services/{service.id}/reservations/{reservation_id}"
        where = (service.county_terc, service.institution_id)
        # Nobody did it, so there is no audit record: the clock did.
        change.tell("reservation.expired", Subject(path, version, *where), **data)
    if lapsed:
        await add_free_places(change, service.id, len(lapsed))
