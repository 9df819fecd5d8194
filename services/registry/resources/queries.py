"""The resources of a county, and its gaps."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, Text, cast, func, literal_column, select

from services.chassis.data.work import Reading
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import NotFound
from services.chassis.trust.access import reaches
from services.registry.institutions.queries import works_on
from services.registry.local_programmes.queries import PROGRAMMES, runs_on
from services.registry.permissions import Permission
from services.registry.resources.rules import missing_support
from services.registry.resources.schemas import (
    GapRead,
    OfferRead,
    PresenceRead,
    ProgrammesRead,
    ResourcesRead,
)
from services.registry.support_services.queries import (
    INSTITUTIONS,
    SERVICES,
    free_places,
    is_offered,
)
from services.registry.support_services.rules import DAYS_UNTIL_STALE, stale_since
from services.registry.territories.queries import require_county


def _day(now: datetime) -> date:
    return now.astimezone(CIVIL_TIME).date()


def _offer(county: str, now: datetime) -> Subquery:
    """The services offered in a county today, by sector and kind."""
    hosted = SERVICES.join(INSTITUTIONS, SERVICES.c.institution_id == INSTITUTIONS.c.id)
    today, stale_before = _day(now), stale_since(now, DAYS_UNTIL_STALE)
    waiting = func.round(func.avg(SERVICES.c.waiting_days), 1)
    columns = {
        "services": func.count(),
        "institutions": func.count(func.distinct(SERVICES.c.institution_id)),
        "capacity": func.sum(SERVICES.c.capacity),
        # Sums leave NULL out: `capacity_unknown` counts the services not in `capacity`.
        "free_places": func.sum(free_places(now)),
        "capacity_unknown": func.count().filter(SERVICES.c.capacity.is_(None)),
        "average_waiting_days": waiting,
        "stale": func.count().filter(SERVICES.c.verified_at < stale_before),
        "oldest_verified_at": func.min(SERVICES.c.verified_at),
    }
    by = (SERVICES.c.sector, SERVICES.c.kind)
    return (
        select(*by, *[column.label(name) for name, column in columns.items()])
        .select_from(hosted)
        .where(SERVICES.c.county_terc == county, is_offered(today))
        .group_by(*by)
        .order_by(*by)
        .subquery("offer")
    )


def _institutions(county: str, today: date) -> Subquery:
    """How many institutions of each sector work in a county today."""
    return (
        select(INSTITUTIONS.c.sector, func.count().label("institutions"))
        .where(INSTITUTIONS.c.county_terc == county, works_on(INSTITUTIONS, today))
        .group_by(INSTITUTIONS.c.sector)
        .order_by(INSTITUTIONS.c.sector)
        .subquery("present")
    )


def _programmes(county: str, today: date) -> Subquery:
    """The programmes that run in a county today, by sector, and their money."""
    columns: dict[str, ColumnElement[Any]] = {
        "programmes": func.count(),
        "institutions": func.count(func.distinct(PROGRAMMES.c.institution_id)),
        # As text: JSON has no exact decimals.
        "amount": cast(func.sum(PROGRAMMES.c.amount), Text),
        "amount_unknown": func.count().filter(PROGRAMMES.c.amount.is_(None)),
    }
    sector = PROGRAMMES.c.sector
    return (
        select(sector, *[column.label(name) for name, column in columns.items()])
        .where(PROGRAMMES.c.county_terc == county, runs_on(today))
        .group_by(sector)
        .order_by(sector)
        # Not named `programmes`: `json_agg(programmes)` would take the column of that
        # name instead of the whole row.
        .subquery("running")
    )


class CountyOffer(NamedTuple):
    """The offer of a county, its institutions by sector, and the programmes that run."""

    offer: list[OfferRead]
    institutions: list[PresenceRead]
    programmes: list[ProgrammesRead]


async def _get_offer(reading: Reading, county: str, now: datetime) -> CountyOffer:
    # One statement for all three lists, so that they are of one moment.
    lists = [
        select(func.json_agg(literal_column(rows.name)))
        .select_from(rows)
        .scalar_subquery()
        for rows in (
            _offer(county, now),
            _institutions(county, _day(now)),
            _programmes(county, _day(now)),
        )
    ]
    offer, institutions, programmes = await reading.one(select(*lists))
    return CountyOffer(
        [OfferRead.model_validate(line) for line in offer or []],
        [PresenceRead.model_validate(line) for line in institutions or []],
        [ProgrammesRead.model_validate(line) for line in programmes or []],
    )


async def get_county_resources(
    reading: Reading, county: str, now: datetime
) -> ResourcesRead:
    """The inventory of one county; NotFound when it is out of the caller's reach."""
    # The reach is checked first, so that the error does not show which counties exist.
    if not reaches(reading.caller, Permission.READ_RESOURCES, county=county):
        raise NotFound()
    await require_county(reading, county)
    # Stale services count as offered: the answer shows how many of them are stale.
    offer, institutions, programmes = await _get_offer(reading, county, now)
    missing = missing_support({(line.sector, line.kind) for line in offer})
    return ResourcesRead(
        county_terc=county,
        institutions=institutions,
        offer=offer,
        programmes=programmes,
        missing=[GapRead(sector=sector, kind=kind) for sector, kind in missing],
        stale_after_days=DAYS_UNTIL_STALE,
    )
