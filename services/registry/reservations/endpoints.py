"""/support-services/{service_id}/reservations: reserve, take and release places."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanEditReservations, CanReadReservations
from services.registry.problems import (
    InstitutionClosed,
    NoFreePlaces,
    ReservationNotFound,
    ServiceDoesNotFit,
    SupportServiceNotFound,
)
from services.registry.reservations import actions, queries
from services.registry.reservations.schemas import (
    ReservationCreate,
    ReservationList,
    ReservationRead,
)

router = slice_router(
    prefix="/support-services/{service_id}/reservations", tags=["support-services"]
)
_CHANGE = (
    SupportServiceNotFound,
    ReservationNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get("", responses=answers(Page[ReservationRead], SupportServiceNotFound))
async def list_reservations(
    caller: CanReadReservations,
    reading: Reading,
    terms: Terms,
    service_id: Id,
    query: Annotated[ReservationList, Query()],
) -> Answer:
    """The reservations of places of the service, by opaque references, in the caller's
    reach; the newest first.
    """
    page = await queries.list_reservations(
        reading, terms, service_id, query, clock.now()
    )
    return page_answer(page, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(ReservationRead)
    | answers(
        ReservationRead,
        SupportServiceNotFound,
        OutsideScope,
        InstitutionClosed,
        ServiceDoesNotFit,
        NoFreePlaces,
        status=201,
    ),
)
async def reserve_place(
    caller: CanEditReservations,
    change: Change,
    service_id: Id,
    new: ReservationCreate,
) -> Answer:
    """Hold a place of the service for a referral, until it is taken,
    released or expires.

    The service has one free place less at once. Of many concurrent requests for the
    last place, one gets it. If the referral already holds a place of this service, the
    answer is 200 with that reservation. A service whose number of free places is
    unknown takes reservations up to its capacity.
    """
    reservation, is_new = await actions.reserve_place(
        change, service_id, new, clock.now()
    )
    if not is_new:
        return stored_answer(reservation)
    path = f"/v1/registry/support-services/{service_id}/reservations/{reservation.key}"
    return created_answer(reservation, path)


@router.get(
    "/{reservation_id}", responses=answers(ReservationRead, ReservationNotFound)
)
async def get_reservation(
    caller: CanReadReservations,
    reading: Reading,
    terms: Terms,
    service_id: Id,
    reservation_id: Id,
) -> Answer:
    """One reservation."""
    reservation, has_lapsed = await queries.get_reservation(
        reading, service_id, reservation_id, clock.now()
    )
    # No 304 for an expired reservation: the clock changed its state without
    # a new version.
    return stored_answer(reservation, None if has_lapsed else terms)


@router.post("/{reservation_id}/take", responses=answers(ReservationRead, *_CHANGE))
async def take_reserved_place(
    caller: CanEditReservations,
    change: Change,
    service_id: Id,
    reservation_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Take the place: the referral is accepted, and the reservation no longer expires."""
    version = expected_version(if_match, reservation_id)
    reservation = await actions.take_reserved_place(
        change, service_id, reservation_id, version, clock.now()
    )
    return stored_answer(reservation)


@router.post("/{reservation_id}/release", responses=answers(ReservationRead, *_CHANGE))
async def release_place(
    caller: CanEditReservations,
    change: Change,
    service_id: Id,
    reservation_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Release the place: the referral was declined, withdrawn or has ended. The service
    has one free place more.
    """
    version = expected_version(if_match, reservation_id)
    reservation = await actions.release_place(
        change, service_id, reservation_id, version, clock.now()
    )
    return stored_answer(reservation)
