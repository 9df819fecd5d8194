"""Every question asked of the gaps of networks."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import FromClause, and_, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.chassis.ground.clock import CIVIL_TIME
from services.registry.memberships.models import NetworkMembership
from services.registry.network_gaps.rules import Offer, offer_and_gaps
from services.registry.network_gaps.schemas import NetworkGaps
from services.registry.networks.queries import (
    NetworkPlace,
    require_network,
    require_open_network,
)
from services.registry.support_services.queries import (
    INSTITUTIONS,
    SERVICES,
    free_places,
    is_offered,
)

_MEMBERSHIPS: FromClause = rows_of(NetworkMembership)


def _day(now: datetime) -> date:
    """The civil day of an instant."""
    return now.astimezone(CIVIL_TIME).date()


async def _list_offers(
    reading: Reading, network: NetworkPlace, now: datetime
) -> list[Offer]:
    """The services of each institution in the network's county, by sector and kind."""
    membership = and_(
        _MEMBERSHIPS.c.institution_id == INSTITUTIONS.c.id,
        _MEMBERSHIPS.c.network_id == network.id,
    )
    host = INSTITUTIONS.c.id == SERVICES.c.institution_id
    # `sort_name` is in GROUP BY only because the order needs it.
    name, sort_name = INSTITUTIONS.c.name, INSTITUTIONS.c.sort_name
    cell = (SERVICES.c.sector, SERVICES.c.kind)
    by = (*cell, INSTITUTIONS.c.id, name, sort_name, _MEMBERSHIPS.c.state)
    # An outer join: institutions without a membership are the ones to find.
    hosts = SERVICES.join(INSTITUTIONS, host).outerjoin(_MEMBERSHIPS, membership)
    capacity = (
        func.sum(free_places(now)),
        func.count().filter(SERVICES.c.capacity.is_(None)),
        func.max(SERVICES.c.waiting_days),
    )
    statement = (
        select(*by, func.count().label("services"), *capacity)
        .select_from(hosts)
        .where(SERVICES.c.county_terc == network.county_terc, is_offered(_day(now)))
        .group_by(*by)
        .order_by(*cell, sort_name, INSTITUTIONS.c.id)
    )
    return [Offer(*row) for row in await reading.rows(statement)]


async def get_network_gaps(
    reading: Reading, network_id: UUID, now: datetime
) -> NetworkGaps:
    """The gaps of a network: support offered in its county today, by members
    and by others.
    """
    return await _get_gaps(reading, await require_network(reading, network_id), now)


async def get_county_gaps(
    reading: Reading, county_terc: str, now: datetime
) -> NetworkGaps:
    """The gaps of the county's open network; NetworkNotFound where it has none."""
    network = await require_open_network(reading, county_terc)
    return await _get_gaps(reading, network, now)


async def _get_gaps(
    reading: Reading, network: NetworkPlace, now: datetime
) -> NetworkGaps:
    offers = await _list_offers(reading, network, now)
    facts = {
        "network_id": network.id,
        "county_terc": network.county_terc,
        "as_of": _day(now),
    }
    return NetworkGaps.model_validate(facts | offer_and_gaps(offers))
