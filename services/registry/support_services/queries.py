"""Every question asked of the support services."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    Float,
    Numeric,
    and_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import FieldError, ValidationFailed
from services.chassis.trust.access import within
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import REFERRED, works_on
from services.registry.permissions import Permission
from services.registry.problems import SupportServiceNotFound
from services.registry.reservations.models import (
    HOLDS_PLACE,
    Reservation,
    has_lapsed,
)
from services.registry.support_services.models import SupportService
from services.registry.support_services.rules import (
    EARTH_RADIUS_KM,
    KM_PER_DEGREE,
    Point,
    parse_point,
    stale_since,
)
from services.registry.support_services.schemas import (
    StaleList,
    SupportServiceList,
    SupportServiceRead,
)
from services.registry.territories.queries import beginnings_of, has_beginnings

SERVICES = rows_of(SupportService)
INSTITUTIONS = rows_of(Institution)
_JOINED = SERVICES.join(INSTITUTIONS, SERVICES.c.institution_id == INSTITUTIONS.c.id)
_RESERVATIONS = rows_of(Reservation)
_OF_SERVICE = _RESERVATIONS.c.support_service_id == SERVICES.c.id


def free_places(now: datetime) -> ColumnElement[int]:
    """How many places can be reserved: the stored free places, and those of
    expired reservations.
    """
    expired = select(func.count()).where(_OF_SERVICE, has_lapsed(now))
    free: ColumnElement[int] = SERVICES.c.free_places + expired.scalar_subquery()
    return free


def _wire(
    now: datetime, distance: ColumnElement[Any] | None = None
) -> dict[str, ColumnElement[Any]]:
    computed = {
        "free_places": free_places(now),
        "institution_name": INSTITUTIONS.c.name,
        "latitude": INSTITUTIONS.c.latitude,
        "longitude": INSTITUTIONS.c.longitude,
        "distance_km": null() if distance is None else distance,
    }
    return {
        name: computed[name] if name in computed else SERVICES.c[name]
        for name in SupportServiceRead.model_fields
    }


EXPANSIONS = {"institution": REFERRED}


def _listing(
    sort: str, now: datetime, distance: ColumnElement[Any] | None = None
) -> Listing:
    sortable: dict[str, ColumnElement[Any]] = {
        "name": in_polish_order(SERVICES.c.name),
        "verified_at": SERVICES.c.verified_at,
        "free_places": func.coalesce(free_places(now), 0),
        "waiting_days": func.coalesce(SERVICES.c.waiting_days, 2**31 - 1),
    }
    if distance is not None:
        sortable["distance"] = distance
    return Listing(_wire(now, distance), sortable, sort, SERVICES.c.id)


def _distance_km(point: Point) -> ColumnElement[float]:
    """Great-circle distance from a point to the institution (haversine formula), in kilometres."""
    here, there = (
        func.radians(literal(point.latitude, Double)),
        func.radians(INSTITUTIONS.c.latitude),
    )
    longitude = func.radians(literal(point.longitude, Double))
    half_lat = func.sin((there - here) / 2)
    half_lon = func.sin((func.radians(INSTITUTIONS.c.longitude) - longitude) / 2)
    chord = half_lat * half_lat + func.cos(here) * func.cos(there) * half_lon * half_lon
    # Rounding may give just above 1 for opposite points, where asin is not defined.
    return 2 * EARTH_RADIUS_KM * func.asin(func.least(1.0, func.sqrt(chord)))


def _near(
    query: SupportServiceList, point: Point, services: Rows, now: datetime
) -> Listed:
    """The services within the distance (`within_km`), the nearest first."""
    distance = _distance_km(point)
    # Rounded to a metre: the same number is shown, compared and kept in the cursor.
    rounded = cast(func.round(cast(distance, Numeric), 3), Float)
    # A comparison of latitudes excludes most institutions before a sine is computed.
    span = query.within_km / KM_PER_DEGREE
    south, north = point.latitude - span, point.latitude + span
    in_belt = INSTITUTIONS.c.latitude.between(south, north)
    listing = _listing("distance", now, rounded)
    near = services.where(in_belt, rounded <= query.within_km)
    return Listed(listing, near, expansions=EXPANSIONS)


def is_offered(day: date) -> ColumnElement[bool]:
    """The services offered on a day by an institution that works then."""
    is_in_time = func.coalesce(SERVICES.c.offered_from <= day, True) & func.coalesce(
        SERVICES.c.offered_to >= day, True
    )
    # Both: a closed institution offers nothing, even where a service has no last day.
    return and_(is_in_time, works_on(INSTITUTIONS, day))


def _family_filters(
    query: SupportServiceList, now: datetime
) -> list[ColumnElement[bool]]:
    """The filters about the child and the family."""
    filters: list[ColumnElement[bool]] = []
    if query.target_group:
        filters.append(SERVICES.c.target_groups.overlap(list(query.target_group)))
    if query.eligibility_document:
        documents = SERVICES.c.eligibility_documents
        filters.append(
            or_(
                # A service without documents needs none, and is open to every family.
                func.cardinality(documents) == 0,
                documents.overlap(list(query.eligibility_document)),
            )
        )
    # All of the features: a family needs each of them, while one document or one group
    # is enough.
    if query.accessibility:
        filters.append(SERVICES.c.accessibility.contains(list(query.accessibility)))
    if query.age_months is not None:
        filters.append(func.coalesce(SERVICES.c.age_from_months, 0) <= query.age_months)
        filters.append(
            # The upper age is exclusive; without one, nobody is too old.
            func.coalesce(SERVICES.c.age_to_months, 2**31 - 1) > query.age_months
        )
    if query.has_free_places is not None:
        free = func.coalesce(free_places(now), 0)
        filters.append((free > 0) == query.has_free_places)
    return filters


def _column_filters(query: SupportServiceList) -> list[ColumnElement[bool]]:
    """The filters that compare a column with one value, or with several."""
    lists = ("county_terc", "kind", "sector", "contracting_instrument")
    ids = ("institution_id", "ordered_by_institution_id")
    return [
        *[
            SERVICES.c[name].in_(values)
            for name in lists
            if (values := getattr(query, name))
        ],
        *[SERVICES.c[name] == value for name in ids if (value := getattr(query, name))],
    ]


def list_support_services(query: SupportServiceList, now: datetime) -> Listed:
    """The services that a list or a file shows."""
    filters = (*_column_filters(query), *_family_filters(query, now))
    services: Rows = select(SERVICES).select_from(_JOINED).where(*filters)
    if query.q:
        has_words = has_beginnings(SERVICES.c.search, beginnings_of(query.q))
        services = services.where(has_words)
    if not query.include_ended:
        today = now.astimezone(CIVIL_TIME).date()
        services = services.where(is_offered(query.as_of or today))
    if not query.near:
        return Listed(_listing("name", now), services, expansions=EXPANSIONS)
    point = parse_point(query.near)
    if point is None:
        raise ValidationFailed(FieldError("parameter", "near", "wrong_format"))
    return _near(query, point, services, now)


async def list_stale(
    reading: Reading, terms: ListTerms, query: StaleList, now: datetime
) -> ItemPage:
    """A page of services in the caller's reach that were not verified for long, the
    oldest verification first.
    """
    reach = within(
        reading.caller,
        Permission.READ_STALE_SUPPORT_SERVICES,
        county=SERVICES.c.county_terc,
        institution=SERVICES.c.institution_id,
    )
    is_stale = SERVICES.c.verified_at < stale_since(now, query.older_than_days)
    # A service that is no longer offered need not be verified.
    offered_today = is_offered(now.astimezone(CIVIL_TIME).date())
    services: Rows = (
        select(SERVICES).select_from(_JOINED).where(is_stale, offered_today, reach)
    )
    if query.county_terc:
        services = services.where(SERVICES.c.county_terc.in_(query.county_terc))
    listed = Listed(_listing("verified_at", now), services)
    return await page_of(reading, terms, query, listed)


class ShownService(NamedTuple):
    """A service at an instant, and whether a reservation has expired that is not
    stored as such yet.
    """

    service: Stored
    has_lapsed: bool


async def get_shown_service(
    reading: Reading, service_id: UUID, now: datetime
) -> ShownService:
    """One service."""
    columns = stored_columns(_wire(now), SERVICES.c.id, SERVICES.c.version)
    lapsed_exists = exists().where(_OF_SERVICE, has_lapsed(now))
    statement = select(*columns, lapsed_exists).select_from(_JOINED)
    statement = statement.where(SERVICES.c.id == service_id)
    *stored, has_any = await reading.one(statement, SupportServiceNotFound)
    return ShownService(Stored(*stored), has_any)


async def get_support_service(
    reading: Reading, service_id: UUID, now: datetime
) -> Stored:
    """One service, for the answer to a change of it."""
    return (await get_shown_service(reading, service_id, now)).service


async def require_support_service(reading: Reading, service_id: UUID) -> None:
    """SupportServiceNotFound unless there is such a service."""
    statement = select(SERVICES.c.id).where(SERVICES.c.id == service_id)
    await reading.one(statement, SupportServiceNotFound)


async def count_held_places(reading: Reading, service_id: UUID) -> int:
    """How many places of a service are stored as reserved or taken."""
    of_service = _RESERVATIONS.c.support_service_id == service_id
    statement = select(func.count()).select_from(_RESERVATIONS)
    number: int = await reading.scalar(statement.where(of_service, HOLDS_PLACE))
    return number


async def lock_support_service(change: Change, service_id: UUID) -> SupportService:
    """The record of a service, locked until the transaction ends."""
    statement = select(SERVICES).where(SERVICES.c.id == service_id).with_for_update()
    return await change.instance(SupportService, statement, SupportServiceNotFound)
