"""Every question asked of the reservations."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, case, literal, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.permissions import Permission
from services.registry.problems import ReservationNotFound, SupportServiceNotFound
from services.registry.reservations.models import (
    HOLDS_PLACE,
    Reservation,
    has_lapsed,
)
from services.registry.reservations.rules import ReservationState
from services.registry.reservations.schemas import ReservationList, ReservationRead
from services.registry.support_services.queries import SERVICES

RESERVATIONS: FromClause = rows_of(Reservation)
_JOINED = RESERVATIONS.join(
    SERVICES, SERVICES.c.id == RESERVATIONS.c.support_service_id
)


def _state(now: datetime) -> ColumnElement[str]:
    """The state that is shown at an instant."""
    # An expiry is stored with the next change of the service; until then
    # it is computed.
    expired = literal(ReservationState.EXPIRED.value)
    return case((has_lapsed(now), expired), else_=RESERVATIONS.c.state)


def _wire(now: datetime) -> dict[str, ColumnElement[Any]]:
    return {
        name: _state(now) if name == "state" else RESERVATIONS.c[name]
        for name in ReservationRead.model_fields
    }


def _in_reach(reading: Reading, permission: Permission) -> ColumnElement[bool]:
    """The reservations of services that the caller's permission covers."""
    return within(
        reading.caller,
        permission,
        county=SERVICES.c.county_terc,
        institution=SERVICES.c.institution_id,
    )


async def list_reservations(
    reading: Reading,
    terms: ListTerms,
    service_id: UUID,
    query: ReservationList,
    now: datetime,
) -> ItemPage:
    """A page of a service's reservations in the caller's reach."""
    # Before the reach: whether a service exists is public, its reservations are not.
    service = select(SERVICES.c.id).where(SERVICES.c.id == service_id)
    await reading.one(service, SupportServiceNotFound)
    reach = _in_reach(reading, Permission.READ_RESERVATIONS)
    rows: Rows = select(RESERVATIONS).select_from(_JOINED).where(reach)
    rows = rows.where(RESERVATIONS.c.support_service_id == service_id)
    # By the state that is shown, so that the filter agrees with the list.
    if query.state:
        rows = rows.where(_state(now).in_([state.value for state in query.state]))
    if query.referral_reference:
        reference = RESERVATIONS.c.referral_reference
        rows = rows.where(reference == query.referral_reference)
    sortable = {name: RESERVATIONS.c[name] for name in ("created_at", "expires_at")}
    listing = Listing(_wire(now), sortable, "-created_at", RESERVATIONS.c.id)
    return await page_of(reading, terms, query, Listed(listing, rows))


class ShownReservation(NamedTuple):
    """A reservation at an instant, and whether it has expired without being
    stored as such.
    """

    reservation: Stored
    has_lapsed: bool


async def get_reservation(
    reading: Reading, service_id: UUID, reservation_id: UUID, now: datetime
) -> ShownReservation:
    """One reservation of a service; ReservationNotFound also outside the
    caller's reach.
    """
    columns = stored_columns(_wire(now), RESERVATIONS.c.id, RESERVATIONS.c.version)
    statement = (
        select(*columns, has_lapsed(now))
        .select_from(_JOINED)
        .where(
            RESERVATIONS.c.support_service_id == service_id,
            RESERVATIONS.c.id == reservation_id,
            _in_reach(reading, Permission.READ_RESERVATIONS),
        )
    )
    *stored, is_expired = await reading.one(statement, ReservationNotFound)
    return ShownReservation(Stored(*stored), is_expired)


async def find_held(reading: Reading, service_id: UUID, reference: UUID) -> UUID | None:
    """The id of the reservation that holds a place of a service for this
    referral, if any.
    """
    statement = select(RESERVATIONS.c.id).where(
        RESERVATIONS.c.support_service_id == service_id,
        RESERVATIONS.c.referral_reference == reference,
        HOLDS_PLACE,
    )
    key: UUID | None = await reading.scalar(statement)
    return key


async def lock_reservation(
    change: Change, service_id: UUID, reservation_id: UUID
) -> Reservation:
    """A reservation of a service in the caller's reach, locked until the
    transaction ends.
    """
    statement = (
        select(RESERVATIONS)
        .select_from(_JOINED)
        .where(
            RESERVATIONS.c.support_service_id == service_id,
            RESERVATIONS.c.id == reservation_id,
            _in_reach(change, Permission.EDIT_RESERVATIONS),
        )
        # Only the reservation: every change locks the service before.
        .with_for_update(of=RESERVATIONS)
    )
    return await change.instance(Reservation, statement, ReservationNotFound)
