"""The one question about all counties."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Subquery, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Rows
from services.chassis.ground.clock import CIVIL_TIME
from services.registry.county_figures.schemas import CountyFigures, CountyFiguresRead
from services.registry.institutions.queries import works_on
from services.registry.networks.models import Network
from services.registry.sites.models import Site
from services.registry.sites.rules import SiteStatus
from services.registry.support_services.queries import (
    INSTITUTIONS,
    SERVICES,
    free_places,
    is_offered,
)
from services.registry.territories.models import TerritorialUnit
from services.registry.territories.rules import Level

_UNITS = rows_of(TerritorialUnit)
_NETWORKS = rows_of(Network)
_SITES = rows_of(Site)


def _offer(now: datetime) -> Subquery:
    """The services that are offered today, by county."""
    hosted = SERVICES.join(INSTITUTIONS, SERVICES.c.institution_id == INSTITUTIONS.c.id)
    county = SERVICES.c.county_terc
    statement = select(
        county,
        func.count().label("services"),
        func.sum(SERVICES.c.capacity).label("capacity"),
        # Sums leave NULL out: `capacity_unknown` counts the services that are not in
        # `capacity`.
        func.sum(free_places(now)).label("free_places"),
        func.count().filter(SERVICES.c.capacity.is_(None)).label("capacity_unknown"),
    )
    day = now.astimezone(CIVIL_TIME).date()
    services = statement.select_from(hosted).where(is_offered(day))
    return services.group_by(county).subquery("offer")


def _row_counts(table: FromClause, *where: ColumnElement[bool], name: str) -> Subquery:
    """The number of rows of a table by county."""
    county = table.c.county_terc
    statement = select(county, func.count().label("number")).where(*where)
    return statement.group_by(county).subquery(name)


def _select(now: datetime) -> Rows:
    day = now.astimezone(CIVIL_TIME).date()
    offer = _offer(now)
    working = _row_counts(INSTITUTIONS, works_on(INSTITUTIONS, day), name="working")
    is_open = _NETWORKS.c.closed_on.is_(None)
    networks = _row_counts(_NETWORKS, is_open, name="open_networks")
    is_active = _SITES.c.status == SiteStatus.ACTIVE
    sites = _row_counts(_SITES, is_active, name="active_sites")
    table: FromClause = _UNITS
    for part in (offer, working, networks, sites):
        # Outer join: a county without rows is shown with zeros, not left out.
        table = table.outerjoin(part, part.c.county_terc == _UNITS.c.terc)
    columns: dict[str, ColumnElement[Any]] = {
        **{name: _UNITS.c[name] for name in ("terc", "name", "population")},
        "voivodeship_terc": _UNITS.c.parent_terc,
        "institutions": func.coalesce(working.c.number, 0),
        "services": func.coalesce(offer.c.services, 0),
        "capacity": offer.c.capacity,
        "free_places": offer.c.free_places,
        "capacity_unknown": func.coalesce(offer.c.capacity_unknown, 0),
        "has_network": networks.c.number.is_not(None),
        "sites": func.coalesce(sites.c.number, 0),
    }
    labelled = [columns[name].label(name) for name in CountyFigures.model_fields]
    counties = (_UNITS.c.level == Level.COUNTY) & _UNITS.c.removed_on.is_(None)
    statement: Rows = select(*labelled).select_from(table)
    return statement.where(counties).order_by(_UNITS.c.terc)


async def get_county_figures(reading: Reading, now: datetime) -> CountyFiguresRead:
    """What every county has today."""
    rows = await reading.rows(_select(now))
    items = [CountyFigures.model_validate({**row._mapping}) for row in rows]
    return CountyFiguresRead(as_of=now.astimezone(CIVIL_TIME).date(), items=items)
