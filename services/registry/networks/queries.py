"""Every question asked of networks, their rules, memberships and decisions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.listing import Listing, json_object
from services.chassis.paging import page
from services.chassis.problems import FieldError, Problem, UnknownReference
from services.chassis.tables import rows_of
from services.chassis.work import Reading, Record, Rows
from services.registry.institutions.models import InstitutionFunction
from services.registry.institutions.rules.kinds import FunctionKind
from services.registry.networks.models import (
    Network,
    NetworkDecision,
    NetworkMembership,
    NetworkRule,
)
from services.registry.networks.rules import MembershipState, Offer, offer_and_gaps
from services.registry.networks.schemas import (
    MembershipDecisionRead,
    MembershipList,
    MembershipRead,
    NetworkGaps,
    NetworkList,
    NetworkRead,
    NetworkRuleList,
    NetworkRuleRead,
)
from services.registry.problems import (
    MembershipNotFound,
    NetworkNotFound,
    NetworkRuleNotFound,
)
from services.registry.support_services.queries import (
    INSTITUTIONS,
    SERVICES,
    is_offered,
)

NETWORKS: FromClause = rows_of(Network)
RULES: FromClause = rows_of(NetworkRule)
MEMBERSHIPS: FromClause = rows_of(NetworkMembership)
DECISIONS: FromClause = rows_of(NetworkDecision)
_FUNCTIONS: FromClause = rows_of(InstitutionFunction)


def _wire(
    rows: FromClause, read: type[Any], elsewhere: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    others = elsewhere or {}
    return {
        name: others[name] if name in others else rows.c[name]
        for name in read.model_fields
    }


NETWORK_WIRE: dict[str, ColumnElement[Any]] = _wire(NETWORKS, NetworkRead)
RULE_WIRE: dict[str, ColumnElement[Any]] = _wire(RULES, NetworkRuleRead)
_NETWORK_LISTING = Listing(
    NETWORK_WIRE,
    {name: NETWORKS.c[name] for name in ("county_terc", "founded_on")},
    "county_terc",
    NETWORKS.c.id,
)
_RULE_LISTING = Listing(
    RULE_WIRE,
    {name: RULES.c[name] for name in ("code", "valid_from")},
    "code",
    RULES.c.id,
)
_DECISION_LISTING = Listing(
    _wire(DECISIONS, MembershipDecisionRead, {"rule_code": RULES.c.code}),
    {"number": DECISIONS.c.number},
    "number",
    DECISIONS.c.id,
)


def _membership_listing(rows: FromClause) -> Listing:
    elsewhere = {
        "institution_name": INSTITUTIONS.c.name,
        "institution_type": INSTITUTIONS.c.type,
        "sector": INSTITUTIONS.c.sector,
        "county_terc": INSTITUTIONS.c.county_terc,
    }
    sortable = {name: rows.c[name] for name in ("role", "state", "state_since")}
    sortable["institution_name"] = INSTITUTIONS.c.folded_name
    return Listing(
        _wire(rows, MembershipRead, elsewhere), sortable, "institution_name", rows.c.id
    )


_MEMBERS_NOW = _membership_listing(MEMBERSHIPS)


async def _one(reading: Reading, statement: Rows, missing: Problem) -> Record:
    found = await reading.find(statement)
    if found is None:
        raise missing
    return found


async def list_networks(
    reading: Reading, terms: AnswerTerms, query: NetworkList, today: date
) -> Answer:
    """A page of networks."""
    day, networks = query.as_of or today, NETWORKS.c
    found = select(NETWORKS)
    if query.county_terc:
        found = found.where(networks.county_terc.in_(query.county_terc))
    if query.as_of is not None:
        found = found.where(networks.founded_on <= day)
    if query.open is not None:
        found = found.where(func.coalesce(networks.closed_on > day, True) == query.open)
    return await page(reading, terms, query, _NETWORK_LISTING, found)


async def get_network(reading: Reading, network_id: UUID) -> Answer:
    """One network with its members counted. Sent whole each time: the counts change and the network's version stays."""
    theirs = MEMBERSHIPS.c.network_id == network_id
    counted = (
        select(
            MEMBERSHIPS.c.role,
            INSTITUTIONS.c.sector,
            func.count().label("institutions"),
        )
        .join(INSTITUTIONS, INSTITUTIONS.c.id == MEMBERSHIPS.c.institution_id)
        .where(theirs, MEMBERSHIPS.c.state == MembershipState.INCLUDED)
        .group_by(MEMBERSHIPS.c.role, INSTITUTIONS.c.sector)
        .order_by(MEMBERSHIPS.c.role, INSTITUTIONS.c.sector)
        .subquery("counted")
    )
    members = select(
        func.coalesce(
            func.json_agg(literal_column("counted")), literal_column("'[]'::json")
        )
    )
    waiting = select(func.count()).where(
        theirs, MEMBERSHIPS.c.state == MembershipState.PROPOSED
    )
    wire = NETWORK_WIRE | {
        "members": members.select_from(counted).scalar_subquery(),
        "proposed": waiting.scalar_subquery(),
    }
    statement = select(json_object(wire), NETWORKS.c.version).where(
        NETWORKS.c.id == network_id
    )
    found = await _one(reading, statement, NetworkNotFound())
    return tagged(found[0], etag(network_id, found[1]))


async def require_network(reading: Reading, network_id: UUID) -> Record:
    """Id and county of a network; NetworkNotFound when there is none."""
    statement = select(NETWORKS.c.id, NETWORKS.c.county_terc).where(
        NETWORKS.c.id == network_id
    )
    return await _one(reading, statement, NetworkNotFound())


async def _locked(
    reading: Reading,
    rows: FromClause,
    of_this: ColumnElement[bool],
    missing: Problem,
    *,
    shared: bool = False,
) -> Record:
    return await _one(
        reading, select(rows).where(of_this).with_for_update(read=shared), missing
    )


async def lock_network(
    reading: Reading, network_id: UUID, *, shared: bool = False
) -> Record:
    """The record of a network, held until the transaction ends; `shared` with others who only need it to stay open."""
    return await _locked(
        reading, NETWORKS, NETWORKS.c.id == network_id, NetworkNotFound(), shared=shared
    )


async def county_network_is_built(reading: Reading, county_terc: str) -> bool:
    """Whether the county has an open network with at least one included member."""
    built: Rows = (
        select(literal_column("1"))
        .select_from(
            NETWORKS.join(MEMBERSHIPS, MEMBERSHIPS.c.network_id == NETWORKS.c.id)
        )
        .where(NETWORKS.c.county_terc == county_terc, NETWORKS.c.closed_on.is_(None))
        .where(MEMBERSHIPS.c.state == MembershipState.INCLUDED)
    )
    return await reading.find(built.limit(1)) is not None


async def find_last_closing(reading: Reading, county_terc: str) -> date | None:
    """When the county's last network was closed."""
    statement = select(func.max(NETWORKS.c.closed_on)).where(
        NETWORKS.c.county_terc == county_terc
    )
    last: date | None = await reading.scalar(statement)
    return last


async def find_last_decision(reading: Reading, **about: UUID) -> date | None:
    """The day of the last decision of a network (`network_id`), or of the last one that rests on a rule (`rule_id`)."""
    joined = DECISIONS.join(MEMBERSHIPS, MEMBERSHIPS.c.id == DECISIONS.c.membership_id)
    columns = {"network_id": MEMBERSHIPS.c.network_id, "rule_id": DECISIONS.c.rule_id}
    statement = select(func.max(DECISIONS.c.decided_on)).select_from(joined)
    chosen = statement.where(*[columns[name] == key for name, key in about.items()])
    last: date | None = await reading.scalar(chosen)
    return last


async def list_network_rules(
    reading: Reading, terms: AnswerTerms, network_id: UUID, query: NetworkRuleList
) -> Answer:
    """A page of a network's rules."""
    await require_network(reading, network_id)
    found = select(RULES).where(RULES.c.network_id == network_id)
    if query.direction:
        found = found.where(RULES.c.direction == query.direction)
    if query.as_of:
        found = found.where(
            RULES.c.valid_from <= query.as_of,
            func.coalesce(RULES.c.valid_to > query.as_of, True),
        )
    return await page(reading, terms, query, _RULE_LISTING, found)


async def lock_network_rule(
    reading: Reading, network_id: UUID, rule_id: UUID
) -> Record:
    """A rule of a network, held until the transaction ends."""
    of_this = (RULES.c.id == rule_id) & (RULES.c.network_id == network_id)
    return await _locked(reading, RULES, of_this, NetworkRuleNotFound())


async def require_network_rule(
    reading: Reading, network_id: UUID, rule_id: UUID
) -> Record:
    """The rule that a decision names, kept from being retired meanwhile; UnknownReference when it is not there."""
    of_this = (RULES.c.id == rule_id) & (RULES.c.network_id == network_id)
    missing = UnknownReference(FieldError("pointer", "/rule_id", "not_found"))
    return await _locked(reading, RULES, of_this, missing, shared=True)


def _memberships_as_of(day: date) -> FromClause:
    """Every membership as the decisions taken until that day had left it."""
    return (
        select(
            MEMBERSHIPS.c.id,
            DECISIONS.c.number.label("version"),
            MEMBERSHIPS.c.network_id,
            MEMBERSHIPS.c.institution_id,
            DECISIONS.c.role,
            DECISIONS.c.to_state.label("state"),
            DECISIONS.c.decided_on.label("state_since"),
            MEMBERSHIPS.c.proposed_by,
        )
        .join(DECISIONS, DECISIONS.c.membership_id == MEMBERSHIPS.c.id)
        .where(DECISIONS.c.decided_on <= day)
        .ext(distinct_on(MEMBERSHIPS.c.id))
        .order_by(MEMBERSHIPS.c.id, DECISIONS.c.number.desc())
        .subquery("memberships_then")
    )


async def list_memberships(
    reading: Reading, network_id: UUID, query: MembershipList
) -> tuple[Listing, Rows]:
    """What a list or an export of a network's memberships shows, and of which rows."""
    await require_network(reading, network_id)
    rows = MEMBERSHIPS if query.as_of is None else _memberships_as_of(query.as_of)
    listing = _MEMBERS_NOW if query.as_of is None else _membership_listing(rows)
    joined = rows.join(INSTITUTIONS, INSTITUTIONS.c.id == rows.c.institution_id)
    found: Rows = (
        select(rows).select_from(joined).where(rows.c.network_id == network_id)
    )
    for name, values in {
        "role": query.role,
        "state": query.state,
        "sector": query.sector,
    }.items():
        if values:
            found = found.where(listing.wire[name].in_(values))
    return listing, found


async def get_membership(
    reading: Reading, terms: AnswerTerms | None, network_id: UUID, membership_id: UUID
) -> Answer:
    """One membership of a network."""
    statement = (
        select(json_object(_MEMBERS_NOW.wire), MEMBERSHIPS.c.version)
        .select_from(
            MEMBERSHIPS.join(
                INSTITUTIONS, INSTITUTIONS.c.id == MEMBERSHIPS.c.institution_id
            )
        )
        .where(
            MEMBERSHIPS.c.id == membership_id, MEMBERSHIPS.c.network_id == network_id
        )
    )
    found = await _one(reading, statement, MembershipNotFound())
    return tagged(found[0], etag(membership_id, found[1]), terms)


async def lock_membership(
    reading: Reading, network_id: UUID, membership_id: UUID
) -> Record:
    """A membership of a network, held until the transaction ends."""
    of_this = (MEMBERSHIPS.c.id == membership_id) & (
        MEMBERSHIPS.c.network_id == network_id
    )
    return await _locked(reading, MEMBERSHIPS, of_this, MembershipNotFound())


async def list_membership_decisions(
    reading: Reading,
    terms: AnswerTerms,
    network_id: UUID,
    membership_id: UUID,
    query: Any,
) -> Answer:
    """A page of the decisions about a membership, the first one first."""
    theirs = (MEMBERSHIPS.c.id == membership_id) & (
        MEMBERSHIPS.c.network_id == network_id
    )
    await _one(reading, select(literal_column("1")).where(theirs), MembershipNotFound())
    joined = DECISIONS.outerjoin(RULES, RULES.c.id == DECISIONS.c.rule_id)
    found = (
        select(DECISIONS)
        .select_from(joined)
        .where(DECISIONS.c.membership_id == membership_id)
    )
    return await page(reading, terms, query, _DECISION_LISTING, found)


async def get_standing(
    reading: Reading,
    institution_id: UUID,
    county: str,
    day: date,
    today: date,
    stale_before: datetime,
) -> Record:
    """Whether an institution offers something today that was verified since, and coordinates for the county that day"""
    offered = exists().where(
        SERVICES.c.institution_id == institution_id,
        SERVICES.c.institution_id == INSTITUTIONS.c.id,
        SERVICES.c.verified_at >= stale_before,
        is_offered(today),
    )
    held = exists().where(
        _FUNCTIONS.c.institution_id == institution_id,
        _FUNCTIONS.c.county_terc == county,
        _FUNCTIONS.c.kind == FunctionKind.COORDINATING_INSTITUTION,
        _FUNCTIONS.c.held_from <= day,
        func.coalesce(_FUNCTIONS.c.held_to > day, True),
    )
    statement = select(
        offered.label("has_verified_service"), held.label("is_coordinating")
    )
    return await reading.one(statement)


async def get_network_gaps(reading: Reading, network_id: UUID, today: date) -> Answer:
    """Whom the network lacks among those who offer support in its county today."""
    network = await require_network(reading, network_id)
    theirs = and_(
        MEMBERSHIPS.c.institution_id == INSTITUTIONS.c.id,
        MEMBERSHIPS.c.network_id == network_id,
    )
    of = INSTITUTIONS.c.id == SERVICES.c.institution_id
    host = (
        INSTITUTIONS.c.id,
        INSTITUTIONS.c.name,
        INSTITUTIONS.c.folded_name,
        MEMBERSHIPS.c.state,
    )
    by = (SERVICES.c.sector, SERVICES.c.kind, *host)
    offered = (
        select(*by, func.count().label("services"))
        .select_from(SERVICES.join(INSTITUTIONS, of).outerjoin(MEMBERSHIPS, theirs))
        .where(SERVICES.c.county_terc == network.county_terc, is_offered(today))
        .group_by(*by)
        .order_by(
            SERVICES.c.sector,
            SERVICES.c.kind,
            INSTITUTIONS.c.folded_name,
            INSTITUTIONS.c.id,
        )
    )
    found = await reading.rows(offered)
    facts = {
        "network_id": network_id,
        "county_terc": network.county_terc,
        "as_of": today,
    }
    gaps = NetworkGaps.model_validate(
        facts | offer_and_gaps([Offer(*row) for row in found])
    )
    return Answer(gaps.model_dump_json(), headers={"cache-control": "no-cache"})
