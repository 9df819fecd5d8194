"""/networks/{network_id}/memberships, the decisions about them, and those of an institution."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.expand_parameter import Expand
from services.chassis.web.expanding import opened
from services.chassis.web.listing import ListQuery, Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import (
    CanDecideMemberships,
    CanProposeMemberships,
    CanReadNetworks,
)
from services.registry.memberships import actions, queries
from services.registry.memberships.schemas import (
    InstitutionMembership,
    InstitutionMembershipList,
    ListedMembership,
    MembershipDecisionRead,
    MembershipExclude,
    MembershipInclude,
    MembershipList,
    MembershipPropose,
    MembershipRead,
)
from services.registry.problems import (
    InstitutionAlreadyProposed,
    InstitutionClosed,
    InstitutionNotFound,
    MembershipNotFound,
    NetworkClosed,
    NetworkNotFound,
    RuleNotMet,
)

router = slice_router(prefix="", tags=["networks"])
_DECISION = (
    NetworkNotFound,
    NetworkClosed,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
    MembershipNotFound,
    StateConflict,
    UnknownReference,
    RuleNotMet,
)


@router.get(
    "/networks/{network_id}/memberships",
    responses=answers(
        Page[ListedMembership],
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
    """The members, proposed and excluded institutions of a network: now, or by the
    decisions made until the day `as_of`.

    The name, sector and county of an institution are always those of today.
    """
    listed = await queries.list_memberships(reading, network_id, query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "/networks/{network_id}/memberships",
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
    """Propose an institution for the network, in a role that suits it on that day.

    An institution may propose itself.
    """
    today = clock.today()
    membership = await actions.propose_membership(change, network_id, new, today)
    path = f"/v1/registry/networks/{network_id}/memberships/{membership.key}"
    return created_answer(membership, path)


@router.get(
    "/networks/{network_id}/memberships/{membership_id}",
    responses=answers(ListedMembership, MembershipNotFound),
)
async def get_membership(
    caller: CanReadNetworks,
    reading: Reading,
    terms: Terms,
    network_id: Id,
    membership_id: Id,
    expand: Expand = None,
) -> Answer:
    """One membership as the last decision left it."""
    membership = await queries.get_membership(reading, network_id, membership_id)
    answer = await opened(reading, membership, expand, queries.EXPANSIONS)
    return stored_answer(answer, None if expand else terms)


@router.post(
    "/networks/{network_id}/memberships/{membership_id}/include",
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
    """Include a proposed or an excluded institution, by an inclusion rule in force
    whose criteria it meets.

    The day of the decision is not in the future and not before the last decision. The
    rule, the facts about the institution, its offer and the verifications of it are
    those of that day. A role that does not suit the institution is refused.
    """
    version = expected_version(if_match, membership_id)
    membership = await actions.include_in_network(
        change, network_id, membership_id, decision, version, clock.today()
    )
    return stored_answer(membership)


@router.post(
    "/networks/{network_id}/memberships/{membership_id}/exclude",
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
    """Exclude a member, by an exclusion rule in force. It may be included again later;
    all decisions stay.
    """
    version = expected_version(if_match, membership_id)
    membership = await actions.exclude_from_network(
        change, network_id, membership_id, decision, version, clock.today()
    )
    return stored_answer(membership)


@router.get(
    "/networks/{network_id}/memberships/{membership_id}/decisions",
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
    decisions = await queries.list_membership_decisions(
        reading, terms, network_id, membership_id, query
    )
    return page_answer(decisions, terms)


@router.get(
    "/institutions/{institution_id}/memberships",
    responses=answers(Page[InstitutionMembership], InstitutionNotFound),
)
async def list_memberships_of_institution(
    caller: CanReadNetworks,
    reading: Reading,
    terms: Terms,
    institution_id: Id,
    query: Annotated[InstitutionMembershipList, Query()],
) -> Answer:
    """The networks that an institution is in, was proposed for or was excluded from,
    the latest decision first.
    """
    page = await queries.list_of_institution(reading, terms, institution_id, query)
    return page_answer(page, terms)
