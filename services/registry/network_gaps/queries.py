"""Every question asked of the gaps of networks."""

from datetime import date
from uuid import UUID

from sqlalchemy import FromClause, and_, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.registry.memberships.models import NetworkMembership
from services.registry.network_gaps.rules import Offer, offer_and_gaps
from services.registry.network_gaps.schemas import NetworkGaps
from services.registry.networks.queries import NetworkPlace, require_network
from services.registry.support_services.queries import (
    INSTITUTIONS,
    SERVICES,
    is_offered,
)

_MEMBERSHIPS: FromClause = rows_of(NetworkMembership)


async def _list_offers(
    reading: Reading, network: NetworkPlace, today: date
) -> list[Offer]:
    """What each institution offers in the network's county, by sector and kind."""
    membership = and_(
        _MEMBERSHIPS.c.institution_id == INSTITUTIONS.c.id,
        _MEMBERSHIPS.c.network_id == network.id,
    )
    host = INSTITUTIONS.c.id == SERVICES.c.institution_id
    # `sort_name` is grouped by only because the order needs it.
    name, sort_name = INSTITUTIONS.c.name, INSTITUTIONS.c.sort_name
    cell = (SERVICES.c.sector, SERVICES.c.kind)
    by = (*cell, INSTITUTIONS.c.id, name, sort_name, _MEMBERSHIPS.c.state)
    # An outer join: whoever offers support without a membership is what is looked for.
    hosts = SERVICES.join(INSTITUTIONS, host).outerjoin(_MEMBERSHIPS, membership)
    statement = (
        select(*by, func.count().label("services"))
        .select_from(hosts)
        .where(SERVICES.c.county_terc == network.county_terc, is_offered(today))
        .group_by(*by)
        .order_by(*cell, sort_name, INSTITUTIONS.c.id)
    )
    return [Offer(*row) for row in await reading.rows(statement)]


async def get_network_gaps(
    reading: Reading, network_id: UUID, today: date
) -> NetworkGaps:
    """Whom the network lacks among those who offer support in its county today."""
    network = await require_network(reading, network_id)
    offers = await _list_offers(reading, network, today)
    facts = {
        "network_id": network_id,
        "county_terc": network.county_terc,
        "as_of": today,
    }
    return NetworkGaps.model_validate(facts | offer_and_gaps(offers))
