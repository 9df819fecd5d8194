"""/networks, their rules, memberships and gaps."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis import clock
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change, Reading
from services.chassis.exports import files, page_or_file
from services.chassis.listing import ListQuery, Page
from services.chassis.problems import (
    AmbiguousReference,
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
    answers,
)
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Id
from services.registry.networks import actions, queries
from services.registry.networks.schemas import (
    MembershipDecisionRead,
    MembershipExclude,
    MembershipInclude,
    MembershipList,
    MembershipPropose,
    MembershipRead,
    NetworkClose,
    NetworkCreate,
    NetworkGaps,
    NetworkList,
    NetworkOverview,
    NetworkRead,
    NetworkRuleCreate,
    NetworkRuleList,
    NetworkRuleRead,
    NetworkRuleRetire,
    NetworkUpdate,
)
from services.registry.permissions import (
    CanDecideMemberships,
    CanEditNetworks,
    CanProposeMemberships,
    CanReadNetworks,
)
from services.registry.problems import (
    InstitutionAlreadyProposed,
    InstitutionClosed,
    MembershipNotFound,
    NetworkAlreadyOpen,
    NetworkClosed,
    NetworkNotFound,
    NetworkRuleNotFound,
    RuleCodeAlreadyUsed,
    RuleNotMet,
)

router = slice_router(prefix="/networks", tags=["networks"])
_CHANGE = (
    NetworkNotFound,
    NetworkClosed,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
)
_DECISION = (*_CHANGE, MembershipNotFound, StateConflict, UnknownReference, RuleNotMet)


@router.get("", responses=answers(Page[NetworkRead]))
async def list_networks(
    caller: CanReadNetworks,
    reading: Reading,
    terms: Terms,
    query: Annotated[NetworkList, Query()],
) -> Answer:
    """Support networks of counties, the open and the closed ones."""
    return await queries.list_networks(reading, terms, query, clock.today())


@router.post(
    "",
    status_code=201,
    responses=answers(
        NetworkRead,
        OutsideScope,
        UnknownReference,
        AmbiguousReference,
        NetworkAlreadyOpen,
        status=201,
    ),
)
async def create_network(
    caller: CanEditNetworks, change: Change, new: NetworkCreate
) -> Answer:
    """Found the support network of a county. A county has one open network at a time."""
    return await actions.create_network(change, caller, new, clock.today())


@router.get("/{network_id}", responses=answers(NetworkOverview, NetworkNotFound))
async def get_network(
    caller: CanReadNetworks, reading: Reading, network_id: Id
) -> Answer:
    """One network, with its members counted by role and sector."""
    return await queries.get_network(reading, network_id)


@router.patch("/{network_id}", responses=answers(NetworkRead, *_CHANGE))
async def amend_network(
    caller: CanEditNetworks,
    change: Change,
    network_id: Id,
    patch: NetworkUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a network's name or description by a merge patch."""
    return await actions.amend_network(change, caller, network_id, patch, if_match)


@router.post("/{network_id}/close", responses=answers(NetworkRead, *_CHANGE))
async def close_network(
    caller: CanEditNetworks,
    change: Change,
    network_id: Id,
    end: NetworkClose,
    if_match: IfMatch = None,
) -> Answer:
    """Close a network: it takes no decisions any more. Its rules, members and history stay readable."""
    return await actions.close_network(
        change, caller, network_id, end, if_match, clock.today()
    )


@router.get(
    "/{network_id}/rules", responses=answers(Page[NetworkRuleRead], NetworkNotFound)
)
async def list_network_rules(
    caller: CanReadNetworks,
    reading: Reading,
    terms: Terms,
    network_id: Id,
    query: Annotated[NetworkRuleList, Query()],
) -> Answer:
    """The rules by which the network includes and excludes institutions, the present and the retired ones."""
    return await queries.list_network_rules(reading, terms, network_id, query)


@router.post(
    "/{network_id}/rules",
    status_code=201,
    responses=answers(
        NetworkRuleRead,
        NetworkNotFound,
        NetworkClosed,
        OutsideScope,
        RuleCodeAlreadyUsed,
        status=201,
    ),
)
async def create_network_rule(
    caller: CanEditNetworks, change: Change, network_id: Id, new: NetworkRuleCreate
) -> Answer:
    """Give the network a rule of inclusion or exclusion. A rule is not changed later: it is retired and replaced."""
    return await actions.create_network_rule(change, caller, network_id, new)


@router.post(
    "/{network_id}/rules/{rule_id}/retire",
    responses=answers(NetworkRuleRead, *_CHANGE, NetworkRuleNotFound, StateConflict),
)
async def retire_network_rule(
    caller: CanEditNetworks,
    change: Change,
    network_id: Id,
    rule_id: Id,
    end: NetworkRuleRetire,
    if_match: IfMatch = None,
) -> Answer:
    """Retire a rule from a day on, which lies after every decision that rests on the rule."""
    return await actions.retire_network_rule(
        change, caller, network_id, rule_id, end, if_match
    )


@router.get(
    "/{network_id}/memberships",
    responses=answers(
        Page[MembershipRead],
        NetworkNotFound,
        NotAcceptable,
        files=files("csv", "xlsx", "ndjson"),
    ),
)
async def list_memberships(
    caller: CanReadNetworks,
    reading: Reading,
    request: Request,
    network_id: Id,
    query: Annotated[MembershipList, Query()],
) -> Response:
    """Who belongs to the network, was proposed or was excluded: now, or by the decisions taken until the day `as_of`.

    An institution's name, sector and county are those of now.
    """
    listing, found = await queries.list_memberships(reading, network_id, query)
    return await page_or_file(request, caller, reading, query, listing, found)


@router.post(
    "/{network_id}/memberships",
    status_code=201,
    responses=answers(
        MembershipRead,
        NetworkNotFound,
        NetworkClosed,
        OutsideScope,
        UnknownReference,
        InstitutionClosed,
        InstitutionAlreadyProposed,
        status=201,
    ),
)
async def propose_membership(
    caller: CanProposeMemberships,
    change: Change,
    network_id: Id,
    new: MembershipPropose,
) -> Answer:
    """Propose an institution for the network, in a role that suits it. An institution may propose itself."""
    return await actions.propose_membership(
        change, caller, network_id, new, clock.now()
    )


@router.get(
    "/{network_id}/memberships/{membership_id}",
    responses=answers(MembershipRead, MembershipNotFound),
)
async def get_membership(
    caller: CanReadNetworks,
    reading: Reading,
    terms: Terms,
    network_id: Id,
    membership_id: Id,
) -> Answer:
    """One membership as the last decision left it."""
    return await queries.get_membership(reading, terms, network_id, membership_id)


@router.post(
    "/{network_id}/memberships/{membership_id}/include",
    responses=answers(MembershipRead, *_DECISION, InstitutionClosed),
)
async def include_in_network(
    caller: CanDecideMemberships,
    change: Change,
    network_id: Id,
    membership_id: Id,
    decision: MembershipInclude,
    if_match: IfMatch = None,
) -> Answer:
    """Take a proposed or an excluded institution in, by an inclusion rule in force whose criteria it meets.

    The day of the decision is not in the future and not before the last one. Whether a service was verified lately is
    asked of today. A role that does not suit the institution is refused.
    """
    return await actions.include_in_network(
        change, caller, (network_id, membership_id), decision, if_match, clock.now()
    )


@router.post(
    "/{network_id}/memberships/{membership_id}/exclude",
    responses=answers(MembershipRead, *_DECISION),
)
async def exclude_from_network(
    caller: CanDecideMemberships,
    change: Change,
    network_id: Id,
    membership_id: Id,
    decision: MembershipExclude,
    if_match: IfMatch = None,
) -> Answer:
    """Let a member go, by an exclusion rule in force. It may be included again later; nothing is forgotten."""
    return await actions.exclude_from_network(
        change, caller, (network_id, membership_id), decision, if_match, clock.now()
    )


@router.get(
    "/{network_id}/memberships/{membership_id}/decisions",
    responses=answers(Page[MembershipDecisionRead], MembershipNotFound),
)
async def list_membership_decisions(
    caller: CanReadNetworks,
    reading: Reading,
    terms: Terms,
    network_id: Id,
    membership_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """Every decision about a membership: who decided what, when, by which rule and why."""
    return await queries.list_membership_decisions(
        reading, terms, network_id, membership_id, query
    )


@router.get("/{network_id}/gaps", responses=answers(NetworkGaps, NetworkNotFound))
async def get_network_gaps(
    caller: CanReadNetworks, reading: Reading, network_id: Id
) -> Answer:
    """Who is missing from the network today, by sector and kind of support, and what the whole county lacks."""
    return await queries.get_network_gaps(reading, network_id, clock.today())
