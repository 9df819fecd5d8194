"""Every decision about a membership of a network. `networks/actions.py` has the order of locks."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import (
    find_facts_of_day,
    lock_institution,
)
from services.registry.institutions.rules.kinds import (
    InstitutionType,
    Ownership,
    ReferenceLevel,
    Sector,
)
from services.registry.memberships import queries, rules
from services.registry.memberships.models import NetworkDecision, NetworkMembership
from services.registry.memberships.schemas import (
    MembershipExclude,
    MembershipInclude,
    MembershipPropose,
)
from services.registry.network_rules.queries import require_network_rule
from services.registry.networks.actions import require_open
from services.registry.networks.models import Network
from services.registry.networks.queries import lock_network
from services.registry.networks.rules import MembershipState, NetworkRole, wrong_days
from services.registry.permissions import Permission
from services.registry.problems import (
    InstitutionClosed,
    InstitutionNotFound,
    RuleNotMet,
)

_ACTION = {
    rules.Verb.INCLUDE: "include_in_network",
    rules.Verb.EXCLUDE: "exclude_from_network",
}


class _Grounds(NamedTuple):
    """The reason and rule of a decision, and the state before; a proposal has no rule."""

    reason: str | None
    rule_id: UUID | None = None
    from_state: str | None = None


class _Case(NamedTuple):
    """A membership to decide about, with the facts that the decision depends on."""

    network: Network
    membership: NetworkMembership
    institution: Institution
    standing: rules.Standing


async def _standing(
    change: Change, institution: Institution, network: Network, day: date
) -> rules.Standing:
    """The facts of an institution on a day that decide about its membership."""
    activity = await queries.get_activity(
        change, institution.id, network.county_terc, day
    )
    past_facts = await find_facts_of_day(change, institution.id, day)
    # For a day before the first recorded facts, those of today are used.
    facts = past_facts or institution
    return rules.Standing(
        InstitutionType(facts.type),
        Sector(facts.sector),
        Ownership(facts.ownership) if facts.ownership else None,
        ReferenceLevel(facts.reference_level) if facts.reference_level else None,
        is_in_county=facts.county_terc == network.county_terc,
        has_verified_service=activity.has_verified_service,
        is_coordinating=activity.is_coordinating,
    )


def _check_member(
    institution: Institution, role: str, standing: rules.Standing, day: date
) -> None:
    """InstitutionClosed, or ValidationFailed when the role does not suit the institution."""
    closed_on = institution.closed_on
    if closed_on is not None and closed_on <= day:
        raise InstitutionClosed(state="closed", allowed=[])
    if not rules.suits(NetworkRole(role), standing, day):
        allowed = rules.suiting_roles(standing, day)
        refuse(("role", "unsuited_role"), allowed=allowed)


async def _lock_institution(change: Change, institution_id: UUID) -> Institution:
    try:
        return await lock_institution(change, institution_id)
    except InstitutionNotFound:
        error = FieldError("pointer", "/institution_id", "not_found")
        raise UnknownReference(error) from None


async def propose_membership(
    change: Change, network_id: UUID, new: MembershipPropose, today: date
) -> Stored:
    """Propose an institution for a network in a role, at most once for each network: an
    excluded one is included again instead.
    """
    network = await lock_network(change, network_id, shared=True)
    demand(
        change.caller,
        Permission.PROPOSE_MEMBERSHIPS,
        county=network.county_terc,
        institution=new.institution_id,
    )
    day = new.proposed_on or today
    require_open(network, day)
    # Locked after the network, as for decisions; it cannot be closed
    # while it is proposed.
    institution = await _lock_institution(change, new.institution_id)
    refuse(*wrong_days("proposed_on", day, today, network.founded_on))
    standing = await _standing(change, institution, network, day)
    _check_member(institution, new.role, standing, day)
    membership = await _insert(change, network_id, new, day)
    grounds = _Grounds(new.reason)
    await _record(change, "propose_membership", network, membership, grounds)
    return await queries.get_membership(change, network_id, membership.id)


async def _insert(
    change: Change, network_id: UUID, new: MembershipPropose, day: date
) -> NetworkMembership:
    statement = insert(NetworkMembership).values(
        network_id=network_id,
        institution_id=new.institution_id,
        role=new.role,
        state=MembershipState.PROPOSED,
        state_since=day,
        proposed_by=change.caller.subject,
    )
    row = await change.one(statement.returning(*queries.MEMBERSHIPS.c))
    return NetworkMembership(**row._mapping)


async def _record(
    change: Change,
    action: str,
    network: Network,
    membership: NetworkMembership,
    grounds: _Grounds,
) -> None:
    """Write the decision that made this version, its audit record and its event."""
    statement = insert(NetworkDecision).values(
        membership_id=membership.id,
        # A membership `as_of` a day has the version that its last decision made.
        number=membership.version,
        to_state=membership.state,
        role=membership.role,
        decided_by=change.caller.subject,
        decided_on=membership.state_since,
        **grounds._asdict(),
    )
    await change.execute(statement)
    path = f"networks/{network.id}/memberships/{membership.id}"
    change.record(
        action,
        Subject(path, membership.version, network.county_terc),
        f"membership.{membership.state}",
        institution_id=str(membership.institution_id),
        role=membership.role,
        rule_id=grounds.rule_id and str(grounds.rule_id),
    )


async def _lock_for_decision(
    change: Change,
    network_id: UUID,
    membership_id: UUID,
    verb: rules.Verb,
    version: int,
    day: date,
) -> tuple[Network, NetworkMembership]:
    """The network and the membership, both locked: within reach, the network open
    on the day, the membership unchanged since it was read and in a state that
    allows the verb.
    """
    network = await lock_network(change, network_id, shared=True)
    membership = await queries.lock_membership(change, network_id, membership_id)
    demand(change.caller, Permission.DECIDE_MEMBERSHIPS, county=network.county_terc)
    require_version(membership.version, version)
    require_open(network, day)
    allowed = rules.allowed_verbs(membership.state)
    if verb not in allowed:
        raise StateConflict(state=membership.state, allowed=allowed)
    return network, membership


async def _case(
    change: Change,
    network: Network,
    membership: NetworkMembership,
    day: date,
    today: date,
) -> _Case:
    """The facts for a decision of that day. ValidationFailed when the day is in the
    future, or before the last decision or the founding of the network.
    """
    # Decisions of a membership follow each other in time: the list `as_of` a day takes
    # the last one made by then, and would otherwise show a state that never was.
    earlier = (network.founded_on, membership.state_since)
    refuse(*wrong_days("decided_on", day, today, *earlier))
    # Locked, so that it can neither close nor change its type before the
    # decision is made.
    institution = await lock_institution(change, membership.institution_id)
    standing = await _standing(change, institution, network, day)
    return _Case(network, membership, institution, standing)


async def _decide(
    change: Change,
    verb: rules.Verb,
    case: _Case,
    decision: MembershipInclude | MembershipExclude,
    role: str,
) -> Stored:
    """Move a membership to the state that the verb leads to, and record the decision.

    RuleNotMet names every condition of the rule that is not met.
    """
    network, membership = case.network, case.membership
    # The rule is the last lock in the order, and a shared one: many decisions may use
    # one rule at once.
    rule = await require_network_rule(change, network.id, decision.rule_id)
    missing = rules.not_met(rule, verb, decision.decided_on, case.standing)
    if missing:
        raise RuleNotMet(missing=missing)
    statement = update(NetworkMembership).where(
        col(NetworkMembership.id) == membership.id
    )
    statement = statement.values(
        state=rules.LEADS_TO[verb],
        state_since=decision.decided_on,
        role=role,
        version=membership.version + 1,
        changed_at=func.now(),
    )
    row = await change.one(statement.returning(*queries.MEMBERSHIPS.c))
    after = NetworkMembership(**row._mapping)
    grounds = _Grounds(decision.reason, rule.id, membership.state)
    await _record(change, _ACTION[verb], network, after, grounds)
    return await queries.get_membership(change, network.id, membership.id)


async def include_in_network(
    change: Change,
    network_id: UUID,
    membership_id: UUID,
    decision: MembershipInclude,
    version: int,
    today: date,
) -> Stored:
    """Include an institution, by an inclusion rule in force whose criteria it meets."""
    verb, day = rules.Verb.INCLUDE, decision.decided_on
    network, membership = await _lock_for_decision(
        change, network_id, membership_id, verb, version, day
    )
    case = await _case(change, network, membership, day, today)
    role = decision.role or membership.role
    # Checked again: since the proposal the institution may have closed or changed.
    _check_member(case.institution, role, case.standing, day)
    return await _decide(change, verb, case, decision, role)


async def exclude_from_network(
    change: Change,
    network_id: UUID,
    membership_id: UUID,
    decision: MembershipExclude,
    version: int,
    today: date,
) -> Stored:
    """Exclude a member, by an exclusion rule in force."""
    verb, day = rules.Verb.EXCLUDE, decision.decided_on
    network, membership = await _lock_for_decision(
        change, network_id, membership_id, verb, version, day
    )
    # The role is not checked: it must always be possible to exclude a
    # closed institution.
    case = await _case(change, network, membership, day, today)
    return await _decide(change, verb, case, decision, membership.role)
