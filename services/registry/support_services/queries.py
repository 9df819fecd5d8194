"""Every question asked of the support services."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    Float,
    Numeric,
    and_,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)

from services.chassis.access import within
from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.callers import Caller
from services.chassis.listing import Listing, json_object
from services.chassis.paging import page
from services.chassis.problems import FieldError, ValidationFailed
from services.chassis.tables import rows_of
from services.chassis.work import Reading, Record, Rows
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import works_on
from services.registry.permissions import Permission
from services.registry.problems import SupportServiceNotFound
from services.registry.support_services.models import SupportService
from services.registry.support_services.rules import (
    EARTH_RADIUS_KM,
    KM_PER_DEGREE,
    parse_point,
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


def _wire(distance: ColumnElement[Any]) -> dict[str, ColumnElement[Any]]:
    elsewhere = {
        "institution_name": INSTITUTIONS.c.name,
        "latitude": INSTITUTIONS.c.latitude,
        "longitude": INSTITUTIONS.c.longitude,
        "distance_km": distance,
    }
    return {
        name: elsewhere[name] if name in elsewhere else SERVICES.c[name]
        for name in SupportServiceRead.model_fields
    }


WIRE = _wire(null())
_SORTABLE: dict[str, ColumnElement[Any]] = {
    "name": SERVICES.c.name,
    "verified_at": SERVICES.c.verified_at,
    "free_places": func.coalesce(SERVICES.c.free_places, 0),
    "waiting_days": func.coalesce(SERVICES.c.waiting_days, 2**31 - 1),
}


def _distance_km(latitude: float, longitude: float) -> ColumnElement[float]:
    """Great-circle distance from a point to the institution (haversine formula), in kilometres."""
    lat1, lat2 = (
        func.radians(literal(latitude, Double)),
        func.radians(INSTITUTIONS.c.latitude),
    )
    half_lat = func.sin((lat2 - lat1) / 2)
    half_lon = func.sin(
        (
            func.radians(INSTITUTIONS.c.longitude)
            - func.radians(literal(longitude, Double))
        )
        / 2
    )
    chord = half_lat * half_lat + func.cos(lat1) * func.cos(lat2) * half_lon * half_lon
    return 2 * EARTH_RADIUS_KM * func.asin(func.least(1.0, func.sqrt(chord)))


def _near(query: SupportServiceList, found: Rows) -> tuple[Rows, Listing]:
    """Only what lies within the distance, the nearest first: a rectangle for the index, then the true distance."""
    point = parse_point(query.near or "")
    if point is None:
        raise ValidationFailed(FieldError("parameter", "near", "wrong_format"))
    latitude, longitude = point
    rounded = cast(
        func.round(cast(_distance_km(latitude, longitude), Numeric), 3), Float
    )
    span = query.within_km / KM_PER_DEGREE
    found = found.where(
        INSTITUTIONS.c.latitude.between(latitude - span, latitude + span),
        rounded <= query.within_km,
    )
    return found, Listing(
        _wire(rounded), _SORTABLE | {"distance": rounded}, "distance", SERVICES.c.id
    )


def is_offered(day: date) -> ColumnElement[bool]:
    """The services offered on a day by an institution that works then."""
    offered = func.coalesce(SERVICES.c.offered_from <= day, True) & func.coalesce(
        SERVICES.c.offered_to >= day, True
    )
    return and_(offered, works_on(INSTITUTIONS, day))


def _suitable(query: SupportServiceList) -> list[ColumnElement[bool]]:
    """The filters about the child and the family."""
    wanted: list[ColumnElement[bool]] = []
    if query.target_group:
        wanted.append(SERVICES.c.target_groups.overlap(list(query.target_group)))
    if query.eligibility_document:
        documents = SERVICES.c.eligibility_documents
        wanted.append(
            or_(
                func.cardinality(documents) == 0,
                documents.overlap(list(query.eligibility_document)),
            )
        )
    if query.accessibility:
        wanted.append(SERVICES.c.accessibility.contains(list(query.accessibility)))
    if query.age_months is not None:
        wanted.append(func.coalesce(SERVICES.c.age_from_months, 0) <= query.age_months)
        wanted.append(
            func.coalesce(SERVICES.c.age_to_months, 2**31 - 1) > query.age_months
        )
    if query.has_free_places is not None:
        wanted.append(
            (func.coalesce(SERVICES.c.free_places, 0) > 0) == query.has_free_places
        )
    return wanted


def list_support_services(
    query: SupportServiceList, today: date
) -> tuple[Listing, Rows]:
    """What a list or an export of services shows, and of which rows."""
    found: Rows = select(SERVICES).select_from(_JOINED).where(*_suitable(query))
    for name, values in {
        "county_terc": query.county_terc,
        "kind": query.kind,
        "sector": query.sector,
    }.items():
        if values:
            found = found.where(SERVICES.c[name].in_(values))
    if query.institution_id:
        found = found.where(SERVICES.c.institution_id == query.institution_id)
    if query.q:
        found = found.where(has_beginnings(SERVICES.c.search, beginnings_of(query.q)))
    if not query.include_ended:
        found = found.where(is_offered(query.as_of or today))
    if query.near:
        found, listing = _near(query, found)
        return listing, found
    return Listing(WIRE, _SORTABLE, "name", SERVICES.c.id), found


async def list_stale(
    reading: Reading,
    terms: AnswerTerms,
    caller: Caller,
    query: StaleList,
    before: datetime,
    today: date,
) -> Answer:
    """A page of services in the caller's reach that nobody verified since, the longest neglected first."""
    reach = within(
        caller,
        Permission.READ_STALE_SUPPORT_SERVICES,
        county=SERVICES.c.county_terc,
        institution=SERVICES.c.institution_id,
    )
    found = (
        select(SERVICES)
        .select_from(_JOINED)
        .where(SERVICES.c.verified_at < before, is_offered(today), reach)
    )
    if query.county_terc:
        found = found.where(SERVICES.c.county_terc.in_(query.county_terc))
    return await page(
        reading,
        terms,
        query,
        Listing(WIRE, _SORTABLE, "verified_at", SERVICES.c.id),
        found,
    )


async def get_support_service(
    reading: Reading, terms: AnswerTerms | None, service_id: UUID
) -> Answer:
    """One service."""
    statement = (
        select(json_object(WIRE), SERVICES.c.version)
        .select_from(_JOINED)
        .where(SERVICES.c.id == service_id)
    )
    found = await reading.find(statement)
    if found is None:
        raise SupportServiceNotFound()
    return tagged(found[0], etag(service_id, found[1]), terms)


async def lock_support_service(reading: Reading, service_id: UUID) -> Record:
    """The record of a service, held until the transaction ends."""
    statement = select(SERVICES).where(SERVICES.c.id == service_id).with_for_update()
    found = await reading.find(statement)
    if found is None:
        raise SupportServiceNotFound()
    return found


async def get_county_offer(
    reading: Reading, county: str, today: date, stale_before: datetime
) -> Record:
    """The inventory of a county: its offer by sector and kind, as one JSON text."""
    offer = (
        select(
            SERVICES.c.sector,
            SERVICES.c.kind,
            func.count().label("services"),
            func.count(func.distinct(SERVICES.c.institution_id)).label("institutions"),
            func.sum(SERVICES.c.capacity).label("capacity"),
            func.sum(SERVICES.c.free_places).label("free_places"),
            func.count()
            .filter(SERVICES.c.capacity.is_(None))
            .label("capacity_unknown"),
            func.round(func.avg(SERVICES.c.waiting_days), 1).label(
                "average_waiting_days"
            ),
            func.count().filter(SERVICES.c.verified_at < stale_before).label("stale"),
            func.min(SERVICES.c.verified_at).label("oldest_verified_at"),
        )
        .select_from(_JOINED)
        .where(SERVICES.c.county_terc == county, is_offered(today))
        .group_by(SERVICES.c.sector, SERVICES.c.kind)
        .order_by(SERVICES.c.sector, SERVICES.c.kind)
        .subquery("offer")
    )
    institutions = (
        select(INSTITUTIONS.c.sector, func.count().label("institutions"))
        .where(INSTITUTIONS.c.county_terc == county, works_on(INSTITUTIONS, today))
        .group_by(INSTITUTIONS.c.sector)
        .order_by(INSTITUTIONS.c.sector)
        .subquery("present")
    )
    statement = select(
        select(func.json_agg(literal_column("offer")))
        .select_from(offer)
        .scalar_subquery()
        .label("offer"),
        select(func.json_agg(literal_column("present")))
        .select_from(institutions)
        .scalar_subquery()
        .label("institutions"),
    )
    return await reading.one(statement)
