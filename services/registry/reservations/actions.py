"""Every change of a reservation. The service is locked first, so that changes of its
places come one after another.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand
from services.registry.institutions.queries import lock_institution
from services.registry.permissions import Permission
from services.registry.problems import (
    InstitutionClosed,
    NoFreePlaces,
    ServiceDoesNotFit,
)
from services.registry.reservations import queries, rules
from services.registry.reservations.models import Reservation
from services.registry.reservations.rules import Need, Offer, ReservationState, Verb
from services.registry.reservations.schemas import ReservationCreate
from services.registry.support_services.actions import (
    add_free_places,
    expire_reservations,
)
from services.registry.support_services.models import SupportService
from services.registry.support_services.queries import (
    count_held_places,
    lock_support_service,
)


class Reserved(NamedTuple):
    """A reservation, and whether this request made it."""

    reservation: Stored
    is_new: bool


def _record(
    change: Change, action: str, service: SupportService, reservation: Stored, verb: str
) -> None:
    # Only for the event: the audit record has both ids in its subject.
    data = {
        "support_service_id": str(service.id),
        "institution_id": str(service.institution_id),
    }
    path = f"support-services/{service.id}/reservations/{reservation.key}"
    where = (service.county_terc, service.institution_id)
    subject = Subject(path, reservation.version, *where)
    change.record(action, subject, f"reservation.{verb}", event_data=data)


async def reserve_place(
    change: Change, service_id: UUID, new: ReservationCreate, now: datetime
) -> Reserved:
    """Hold a place for a referral; if the referral already holds one, return
    that reservation.

    ServiceDoesNotFit names every reason; NoFreePlaces has the waiting time in days.
    """
    service = await lock_support_service(change, service_id)
    permission, county = Permission.EDIT_RESERVATIONS, service.county_terc
    institution = service.institution_id
    demand(change.caller, permission, county=county, institution=institution)
    # First of all: the place of an expired reservation is free for this request.
    await expire_reservations(change, service, now)
    # Under the lock of the service: many requests of one referral get only one place.
    key = await queries.find_held(change, service_id, new.referral_reference)
    if key is not None:
        present = await queries.get_reservation(change, service_id, key, now)
        return Reserved(present.reservation, is_new=False)
    expires_at = _expiry(new, now)
    # Before the free places change: ServiceDoesNotFit does not depend on them.
    await _require_fitting(change, service, new, now)
    await _hold_place(change, service)
    statement = insert(Reservation).values(
        support_service_id=service_id,
        referral_reference=new.referral_reference,
        state=ReservationState.RESERVED,
        expires_at=expires_at,
        reserved_by=change.caller.subject,
    )
    new_key = await change.scalar(statement.returning(col(Reservation.id)))
    reserved = await queries.get_reservation(change, service_id, new_key, now)
    _record(change, "reserve_place", service, reserved.reservation, "reserved")
    return Reserved(reserved.reservation, is_new=True)


def _expiry(new: ReservationCreate, now: datetime) -> datetime:
    """When the reservation expires; ValidationFailed when that is in the past or
    too far ahead.
    """
    holding = rules.holding_time(now.astimezone(CIVIL_TIME).date())
    expires_at = new.expires_at or now + timedelta(days=holding.days)
    if code := rules.expiry_code(expires_at, now, holding):
        refuse(("expires_at", code))
    return expires_at


async def _require_fitting(
    change: Change, service: SupportService, new: ReservationCreate, now: datetime
) -> None:
    # Locked: the institution must not be closed while one of its places is reserved.
    host = await lock_institution(change, service.institution_id)
    if host.closed_on is not None:
        raise InstitutionClosed(state="closed", allowed=[])
    day = new.starts_on or now.astimezone(CIVIL_TIME).date()
    offer = Offer(
        service.age_from_months,
        service.age_to_months,
        service.eligibility_documents,
        service.offered_from,
        service.offered_to,
        host.opened_on,
    )
    reasons = rules.misfits(Need(day, new.age_months, new.documents), offer)
    if reasons:
        raise ServiceDoesNotFit(reasons=reasons)


async def _hold_place(change: Change, service: SupportService) -> None:
    """Take one of the free places; NoFreePlaces when none is left.

    Where the number of free places is unknown, only the capacity is a bound.
    """
    if service.free_places is None:
        places = await count_held_places(change, service.id)
        is_free = service.capacity is None or places < service.capacity
    else:
        # The statement checks the bound itself: it changes nothing when no
        # place is left.
        is_free = await add_free_places(change, service.id, -1)
    if not is_free:
        raise NoFreePlaces(waiting_days=service.waiting_days)


async def _move(
    change: Change,
    service: SupportService,
    reservation_id: UUID,
    verb: Verb,
    version: int,
    now: datetime,
) -> Stored:
    """Move a reservation to the state that the verb leads to; StateConflict
    when it cannot.
    """
    reservation = await queries.lock_reservation(change, service.id, reservation_id)
    require_version(reservation.version, version)
    # The state as of now: an expired reservation cannot be taken, even while it is
    # still stored as reserved.
    state = rules.state_at(reservation.state, reservation.expires_at, now)
    allowed = rules.ALLOWED[state]
    if verb not in allowed:
        raise StateConflict(state=state, allowed=allowed)
    statement = update(Reservation).where(col(Reservation.id) == reservation_id)
    values = {"state": rules.LEADS_TO[verb], rules.STAMPS[verb]: now}
    new_version = {"version": reservation.version + 1, "changed_at": func.now()}
    await change.execute(statement.values(**values, **new_version))
    after = await queries.get_reservation(change, service.id, reservation_id, now)
    return after.reservation


async def take_reserved_place(
    change: Change,
    service_id: UUID,
    reservation_id: UUID,
    version: int,
    now: datetime,
) -> Stored:
    """The referral is accepted: the place is taken, and no longer expires."""
    # Locked before the reservation, as in every change: the other order could deadlock.
    service = await lock_support_service(change, service_id)
    reservation = await _move(change, service, reservation_id, Verb.TAKE, version, now)
    _record(change, "take_reserved_place", service, reservation, "taken")
    return reservation


async def release_place(
    change: Change,
    service_id: UUID,
    reservation_id: UUID,
    version: int,
    now: datetime,
) -> Stored:
    """The referral has ended: the place is free for another one."""
    service = await lock_support_service(change, service_id)
    verb = Verb.RELEASE
    reservation = await _move(change, service, reservation_id, verb, version, now)
    # Changes nothing where the number of free places is unknown.
    await add_free_places(change, service_id, 1)
    _record(change, "release_place", service, reservation, "released")
    return reservation
