"""Every question asked of memberships and of the decisions about them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, FromClause, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.institutions.models import InstitutionFunction
from services.registry.institutions.queries import REFERRED
from services.registry.institutions.rules.kinds import FunctionKind
from services.registry.memberships.models import NetworkDecision, NetworkMembership
from services.registry.memberships.schemas import (
    InstitutionMembership,
    InstitutionMembershipList,
    MembershipDecisionRead,
    MembershipList,
    MembershipRead,
)
from services.registry.network_rules.models import NetworkRule
from services.registry.networks.models import Network
from services.registry.networks.queries import require_network
from services.registry.problems import InstitutionNotFound, MembershipNotFound
from services.registry.support_service_verifications.models import (
    SupportServiceVerification,
)
from services.registry.support_services.queries import (
    INSTITUTIONS,
    SERVICES,
    is_offered,
)
from services.registry.support_services.rules import stale_before

MEMBERSHIPS: FromClause = rows_of(NetworkMembership)
_DECISIONS: FromClause = rows_of(NetworkDecision)
_RULES: FromClause = rows_of(NetworkRule)
_NETWORKS: FromClause = rows_of(Network)
_FUNCTIONS: FromClause = rows_of(InstitutionFunction)
_VERIFICATIONS: FromClause = rows_of(SupportServiceVerification)
_OF_INSTITUTION: Mapping[str, ColumnElement[Any]] = {
    "institution_name": INSTITUTIONS.c.name,
    "institution_type": INSTITUTIONS.c.type,
    "sector": INSTITUTIONS.c.sector,
    "county_terc": INSTITUTIONS.c.county_terc,
}


EXPANSIONS = {"institution": REFERRED}


def _wire(
    rows: FromClause,
    read: type[BaseModel],
    joined: Mapping[str, ColumnElement[Any]],
) -> dict[str, ColumnElement[Any]]:
    """The columns of a read model, those of other tables from `joined`."""
    return {
        name: joined[name] if name in joined else rows.c[name]
        for name in read.model_fields
    }


def _listing(rows: FromClause) -> Listing:
    sortable = {name: rows.c[name] for name in ("role", "state", "state_since")}
    sortable["institution_name"] = INSTITUTIONS.c.sort_name
    wire = _wire(rows, MembershipRead, _OF_INSTITUTION)
    return Listing(wire, sortable, "institution_name", rows.c.id)


_LISTING = _listing(MEMBERSHIPS)
_LIST = Filtered(
    _LISTING,
    MEMBERSHIPS.join(INSTITUTIONS, INSTITUTIONS.c.id == MEMBERSHIPS.c.institution_id),
    {
        "network_id": Filter(MEMBERSHIPS.c.network_id),
        **{name: Filter(_LISTING.wire[name]) for name in ("role", "state", "sector")},
    },
)
_DECISION_LISTING = Listing(
    _wire(_DECISIONS, MembershipDecisionRead, {"rule_code": _RULES.c.code}),
    {"number": _DECISIONS.c.number},
    "number",
    _DECISIONS.c.id,
)


def _memberships_as_of(day: date) -> FromClause:
    """Every membership in the state after the last decision made until that day."""
    return (
        select(
            MEMBERSHIPS.c.id,
            _DECISIONS.c.number.label("version"),
            MEMBERSHIPS.c.network_id,
            MEMBERSHIPS.c.institution_id,
            _DECISIONS.c.role,
            _DECISIONS.c.to_state.label("state"),
            _DECISIONS.c.decided_on.label("state_since"),
            MEMBERSHIPS.c.proposed_by,
        )
        .join(_DECISIONS, _DECISIONS.c.membership_id == MEMBERSHIPS.c.id)
        .where(_DECISIONS.c.decided_on <= day)
        # The last one by number, not by day: several may fall on one day.
        .ext(distinct_on(MEMBERSHIPS.c.id))
        .order_by(MEMBERSHIPS.c.id, _DECISIONS.c.number.desc())
        .subquery("memberships_then")
    )


async def list_memberships(
    reading: Reading, network_id: UUID, query: MembershipList
) -> Listed:
    """The memberships of a network that a list or a file shows."""
    await require_network(reading, network_id)
    names = ("role", "state", "sector")
    if query.as_of is None:
        filters = {name: getattr(query, name) for name in names}
        listed = narrowed(_LIST, filters | {"network_id": network_id})
        return listed._replace(expansions=EXPANSIONS)
    rows = _memberships_as_of(query.as_of)
    listing = _listing(rows)
    joined = rows.join(INSTITUTIONS, INSTITUTIONS.c.id == rows.c.institution_id)
    memberships: Rows = select(rows).select_from(joined)
    memberships = memberships.where(rows.c.network_id == network_id)
    for name in names:
        if values := getattr(query, name):
            # By the columns that are shown: the sector is that of the institution.
            memberships = memberships.where(listing.wire[name].in_(values))
    return Listed(listing, memberships, expansions=EXPANSIONS)


_OF_NETWORK: Mapping[str, ColumnElement[Any]] = {
    f"network_{name}": _NETWORKS.c[name]
    for name in ("name", "county_terc", "closed_on")
}
_LISTING_OF_INSTITUTION = Listing(
    _wire(MEMBERSHIPS, InstitutionMembership, _OF_NETWORK),
    {name: MEMBERSHIPS.c[name] for name in ("role", "state", "state_since")},
    "-state_since",
    MEMBERSHIPS.c.id,
)


async def list_of_institution(
    reading: Reading,
    terms: ListTerms,
    institution_id: UUID,
    query: InstitutionMembershipList,
) -> ItemPage:
    """A page of the memberships of an institution in all networks."""
    # Without this check an unknown institution would have an empty page.
    institution = select(INSTITUTIONS.c.id).where(INSTITUTIONS.c.id == institution_id)
    await reading.one(institution, InstitutionNotFound)
    joined = MEMBERSHIPS.join(_NETWORKS, _NETWORKS.c.id == MEMBERSHIPS.c.network_id)
    memberships: Rows = select(MEMBERSHIPS).select_from(joined)
    memberships = memberships.where(MEMBERSHIPS.c.institution_id == institution_id)
    if query.state:
        memberships = memberships.where(MEMBERSHIPS.c.state.in_(query.state))
    listed = Listed(_LISTING_OF_INSTITUTION, memberships)
    return await page_of(reading, terms, query, listed)


async def get_membership(
    reading: Reading, network_id: UUID, membership_id: UUID
) -> Stored:
    """One membership of a network."""
    columns = stored_columns(_LISTING.wire, MEMBERSHIPS.c.id, MEMBERSHIPS.c.version)
    institution = INSTITUTIONS.c.id == MEMBERSHIPS.c.institution_id
    statement = (
        select(*columns)
        .select_from(MEMBERSHIPS.join(INSTITUTIONS, institution))
        .where(_is_membership(network_id, membership_id))
    )
    return await reading.stored(statement, MembershipNotFound)


def _is_membership(network_id: UUID, membership_id: UUID) -> ColumnElement[bool]:
    of_network: ColumnElement[bool] = MEMBERSHIPS.c.network_id == network_id
    return of_network & (MEMBERSHIPS.c.id == membership_id)


async def lock_membership(
    change: Change, network_id: UUID, membership_id: UUID
) -> NetworkMembership:
    """A membership of a network, locked until the transaction ends."""
    statement = select(MEMBERSHIPS).where(_is_membership(network_id, membership_id))
    return await change.instance(
        NetworkMembership, statement.with_for_update(), MembershipNotFound
    )


async def list_membership_decisions(
    reading: Reading,
    terms: ListTerms,
    network_id: UUID,
    membership_id: UUID,
    query: ListQuery,
) -> ItemPage:
    """A page of the decisions about a membership, the first one first."""
    membership = select(MEMBERSHIPS.c.id)
    membership = membership.where(_is_membership(network_id, membership_id))
    await reading.one(membership, MembershipNotFound)
    decisions = (
        select(_DECISIONS)
        # An outer join: the proposal rests on no rule, and belongs to the list.
        .select_from(_DECISIONS.outerjoin(_RULES, _RULES.c.id == _DECISIONS.c.rule_id))
        .where(_DECISIONS.c.membership_id == membership_id)
    )
    return await page_of(reading, terms, query, Listed(_DECISION_LISTING, decisions))


class Activity(NamedTuple):
    """The activity of an institution that its membership in a network depends on."""

    has_verified_service: bool
    is_coordinating: bool


async def get_activity(
    reading: Reading, institution_id: UUID, county: str, day: date
) -> Activity:
    """Whether an institution offered a service on a day that was recently verified
    then, and whether it was the county's coordinating institution.
    """
    # A verification of a later day does not count for this one.
    is_recent = _VERIFICATIONS.c.verified_on.between(stale_before(day), day)
    offers = exists().where(
        SERVICES.c.institution_id == institution_id,
        # Joined because `is_offered` also checks whether the institution works.
        SERVICES.c.institution_id == INSTITUTIONS.c.id,
        # Of this service: the verification of another one does not count for it.
        _VERIFICATIONS.c.support_service_id == SERVICES.c.id,
        is_recent,
        is_offered(day),
    )
    coordinates = exists().where(
        _FUNCTIONS.c.institution_id == institution_id,
        _FUNCTIONS.c.county_terc == county,
        _FUNCTIONS.c.kind == FunctionKind.COORDINATING_INSTITUTION,
        _FUNCTIONS.c.held_from <= day,
        func.coalesce(_FUNCTIONS.c.held_to > day, True),
    )
    return Activity(*await reading.one(select(offers, coordinates)))
