"""Every question asked of the networks."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, exists, func, literal_column, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import ItemPage, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.memberships.models import NetworkDecision, NetworkMembership
from services.registry.networks.models import Network
from services.registry.networks.rules import MembershipState
from services.registry.networks.schemas import NetworkList, NetworkOverview, NetworkRead
from services.registry.problems import NetworkNotFound
from services.registry.support_services.queries import INSTITUTIONS

_NETWORKS: FromClause = rows_of(Network)
_MEMBERSHIPS: FromClause = rows_of(NetworkMembership)
_DECISIONS: FromClause = rows_of(NetworkDecision)
_WIRE = {name: _NETWORKS.c[name] for name in NetworkRead.model_fields}
_LISTING = Listing(
    _WIRE,
    {name: _NETWORKS.c[name] for name in ("county_terc", "founded_on")},
    "county_terc",
    _NETWORKS.c.id,
)
_LIST = Filtered(_LISTING, _NETWORKS, {"county_terc": Filter(_NETWORKS.c.county_terc)})
STORED = stored_columns(_WIRE, _NETWORKS.c.id, _NETWORKS.c.version)


async def list_networks(
    reading: Reading, terms: ListTerms, query: NetworkList, today: date
) -> ItemPage:
    """A page of networks."""
    day, columns = query.as_of or today, _NETWORKS.c
    listed = narrowed(_LIST, {"county_terc": query.county_terc})
    # Without `as_of` the list has all networks that were ever founded.
    if query.as_of is not None:
        listed = listed.where(columns.founded_on <= day)
    if query.open is not None:
        is_open = func.coalesce(columns.closed_on > day, True)
        listed = listed.where(is_open == query.open)
    return await page_of(reading, terms, query, listed)


def _member_counts(network_id: UUID) -> ColumnElement[Any]:
    """The included members of a network by role and sector, as a JSON list."""
    role, sector = _MEMBERSHIPS.c.role, INSTITUTIONS.c.sector
    counts = (
        select(role, sector, func.count().label("institutions"))
        .join(INSTITUTIONS, INSTITUTIONS.c.id == _MEMBERSHIPS.c.institution_id)
        .where(
            _MEMBERSHIPS.c.network_id == network_id,
            _MEMBERSHIPS.c.state == MembershipState.INCLUDED,
        )
        .group_by(role, sector)
        .order_by(role, sector)
        .subquery("counts")
    )
    # As JSON within the row, so that a network and its counts are of one moment.
    items = func.json_agg(literal_column("counts"))
    # For no rows `json_agg` returns NULL, not an empty list.
    empty: ColumnElement[Any] = literal_column("'[]'::json")
    return select(func.coalesce(items, empty)).select_from(counts).scalar_subquery()


async def get_network(reading: Reading, network_id: UUID) -> Stored:
    """One network with the numbers of its members.

    The counts change without a new version of the network, so its ETag does not
    identify the whole answer.
    """
    proposals = select(func.count()).where(
        _MEMBERSHIPS.c.network_id == network_id,
        _MEMBERSHIPS.c.state == MembershipState.PROPOSED,
    )
    counts = {
        "members": _member_counts(network_id),
        "proposed": proposals.scalar_subquery(),
    }
    wire = {
        name: counts[name] if name in counts else _NETWORKS.c[name]
        for name in NetworkOverview.model_fields
    }
    columns = stored_columns(wire, _NETWORKS.c.id, _NETWORKS.c.version)
    statement = select(*columns).where(_NETWORKS.c.id == network_id)
    return await reading.stored(statement, NetworkNotFound)


class NetworkPlace(NamedTuple):
    """The id of a network, and its county."""

    id: UUID
    county_terc: str


async def require_network(reading: Reading, network_id: UUID) -> NetworkPlace:
    """Id and county of a network; NetworkNotFound when there is none."""
    statement = select(_NETWORKS.c.id, _NETWORKS.c.county_terc)
    statement = statement.where(_NETWORKS.c.id == network_id)
    return NetworkPlace(*await reading.one(statement, NetworkNotFound))


async def require_open_network(reading: Reading, county_terc: str) -> NetworkPlace:
    """The open network of a county; NetworkNotFound when there is none."""
    statement = select(_NETWORKS.c.id, _NETWORKS.c.county_terc)
    # At most one is open (`uq_networks_open`).
    statement = statement.where(
        _NETWORKS.c.county_terc == county_terc, _NETWORKS.c.closed_on.is_(None)
    )
    return NetworkPlace(*await reading.one(statement, NetworkNotFound))


async def lock_network(
    change: Change, network_id: UUID, *, shared: bool = False
) -> Network:
    """A network, locked until the transaction ends. `shared`: a shared lock, which only
    keeps it open.
    """
    statement = select(_NETWORKS).where(_NETWORKS.c.id == network_id)
    # A shared lock is enough to keep it open; with an exclusive one its decisions would
    # wait for each other.
    return await change.instance(
        Network, statement.with_for_update(read=shared), NetworkNotFound
    )


async def list_networks_of_day(
    reading: Reading, county_terc: str, day: date, *, with_member: bool = False
) -> list[str]:
    """The addresses of the county's networks that were open on a day, the latest first.

    `with_member`: only networks with an included member on that day.
    """
    columns = _NETWORKS.c
    statement: Rows = select(columns.id).where(
        columns.county_terc == county_terc,
        columns.founded_on <= day,
        func.coalesce(columns.closed_on > day, True),
    )
    if with_member:
        statement = statement.where(_has_member(day))
    latest_first = statement.order_by(columns.founded_on.desc())
    return [f"networks/{key}" for key in await reading.scalars(latest_first)]


def _has_member(day: date) -> ColumnElement[bool]:
    """Whether a network had a member after the decisions made until a day."""
    # By number, not by day: of two decisions on one day the later one counts.
    later = _DECISIONS.alias("later")
    is_last = ~exists().where(
        later.c.membership_id == _DECISIONS.c.membership_id,
        later.c.number > _DECISIONS.c.number,
        later.c.decided_on <= day,
    )
    return exists().where(
        _MEMBERSHIPS.c.network_id == _NETWORKS.c.id,
        _DECISIONS.c.membership_id == _MEMBERSHIPS.c.id,
        _DECISIONS.c.to_state == MembershipState.INCLUDED,
        _DECISIONS.c.decided_on <= day,
        is_last,
    )


async def overlapping_network_exists(reading: Reading, network_id: UUID) -> bool:
    """Whether another network of the county was open on a day of this network,
    which has an end.
    """
    this, others = _NETWORKS.alias("this"), _NETWORKS.c
    overlapping = select(others.id).where(
        this.c.id == network_id,
        others.county_terc == this.c.county_terc,
        others.id != this.c.id,
        others.founded_on < this.c.closed_on,
        func.coalesce(others.closed_on > this.c.founded_on, True),
    )
    return await reading.find(overlapping.limit(1)) is not None


async def find_last_closing(reading: Reading, county_terc: str) -> date | None:
    """The day on which the county's last network was closed."""
    statement = select(func.max(_NETWORKS.c.closed_on))
    statement = statement.where(_NETWORKS.c.county_terc == county_terc)
    day: date | None = await reading.scalar(statement)
    return day


async def find_last_decision(reading: Reading, network_id: UUID) -> date | None:
    """The day of the last decision about a membership of a network."""
    statement = (
        select(func.max(_DECISIONS.c.decided_on))
        .join(_MEMBERSHIPS, _MEMBERSHIPS.c.id == _DECISIONS.c.membership_id)
        .where(_MEMBERSHIPS.c.network_id == network_id)
    )
    day: date | None = await reading.scalar(statement)
    return day
