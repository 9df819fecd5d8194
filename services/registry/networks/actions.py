"""Every change of a network, of its rules, and every decision about its memberships.

Locks are taken in one order: network, membership, institution, rule. Whoever decides only needs the network to stay
open and shares its lock; whoever closes it waits for them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer, created, etag, tagged
from services.chassis.callers import Caller
from services.chassis.clock import CIVIL_TIME
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.listing import json_object
from services.chassis.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.work import Change, Record
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import lock_institution
from services.registry.institutions.rules.kinds import (
    InstitutionType,
    Ownership,
    ReferenceLevel,
    Sector,
)
from services.registry.networks import queries, rules
from services.registry.networks.models import (
    Network,
    NetworkDecision,
    NetworkMembership,
    NetworkRule,
)
from services.registry.networks.schemas import (
    MembershipExclude,
    MembershipInclude,
    MembershipPropose,
    NetworkClose,
    NetworkCreate,
    NetworkRuleCreate,
    NetworkRuleRetire,
    NetworkUpdate,
)
from services.registry.permissions import Permission
from services.registry.problems import (
    InstitutionClosed,
    InstitutionNotFound,
    NetworkClosed,
    RuleNotMet,
)
from services.registry.support_services.rules import DAYS_UNTIL_STALE, stale_since
from services.registry.territories.queries import find_county

_STAMP = {"changed_at": func.now()}
_ACTION = {
    rules.Verb.INCLUDE: "include_in_network",
    rules.Verb.EXCLUDE: "exclude_from_network",
}
_RETURNED = (json_object(queries.NETWORK_WIRE), *queries.NETWORKS.c)
_RULE_RETURNED = (json_object(queries.RULE_WIRE), *queries.RULES.c)


def _note(
    change: Change,
    caller: Caller,
    action: str,
    event: str,
    subject: str,
    version: int,
    county: str,
    **told: Any,
) -> None:
    """The audit record and the event of a change; both hold names of fields, codes and ids, neither holds content."""
    audit.record(change, caller, action, subject, county=county, detail=told)
    data = {"href": f"/v1/registry/{subject}", **told}
    events.emit(change, f"registry.{event}", subject, version, county=county, data=data)


def _refuse(pointer: str, code: str | None, **members: Any) -> None:
    if code is not None:
        raise ValidationFailed(FieldError("pointer", pointer, code), **members)


async def create_network(
    change: Change, caller: Caller, new: NetworkCreate, today: date
) -> Answer:
    """Found a county's network; the county has no other that is open, nor had one then."""
    await find_county(change, new.county_terc, name="/county_terc")
    demand(caller, Permission.EDIT_NETWORKS, county=new.county_terc)
    statement = insert(Network).values(**new.model_dump()).returning(*_RETURNED)
    row = await change.one(statement)
    last = await queries.find_last_closing(change, new.county_terc)
    _refuse("/founded_on", rules.day_contradiction(new.founded_on, today, last))
    subject, fields = f"networks/{row.id}", sorted(new.model_dump(exclude_none=True))
    _note(
        change,
        caller,
        "create_network",
        "network.created",
        subject,
        1,
        row.county_terc,
        fields=fields,
    )
    return created(row[0], etag(row.id, row.version), f"/v1/registry/{subject}")


def _require_open(network: Record) -> None:
    if network.closed_on is not None:
        raise NetworkClosed(state="closed", allowed=[])


async def _locked_for(
    change: Change, caller: Caller, network_id: UUID, if_match: IfMatch
) -> Record:
    row = await queries.lock_network(change, network_id)
    demand(caller, Permission.EDIT_NETWORKS, county=row.county_terc)
    if expected_version(if_match, network_id) != row.version:
        raise VersionMismatch()
    _require_open(row)
    return row


async def _change_network(
    change: Change, row: Record, values: Mapping[str, Any]
) -> Record:
    changed = update(Network).where(col(Network.id) == row.id)
    stamped = changed.values(**values, **_STAMP, version=Network.version + 1)
    return await change.one(stamped.returning(*_RETURNED))


async def amend_network(
    change: Change,
    caller: Caller,
    network_id: UUID,
    patch: NetworkUpdate,
    if_match: IfMatch,
) -> Answer:
    """Change what the patch names; a patch that names nothing new makes no version."""
    row = await _locked_for(change, caller, network_id, if_match)
    given = patch.model_dump(exclude_unset=True)
    fields = sorted(
        name for name, value in given.items() if value != row._mapping[name]
    )
    if not fields:
        return await queries.get_network(change, network_id)
    after = await _change_network(change, row, {name: given[name] for name in fields})
    subject = f"networks/{row.id}"
    _note(
        change,
        caller,
        "amend_network",
        "network.changed",
        subject,
        after.version,
        row.county_terc,
        fields=fields,
    )
    return tagged(after[0], etag(after.id, after.version))


async def close_network(
    change: Change,
    caller: Caller,
    network_id: UUID,
    end: NetworkClose,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Close a network: it takes no decisions any more; its members and history stay readable."""
    row = await _locked_for(change, caller, network_id, if_match)
    last = await queries.find_last_decision(change, network_id=network_id)
    _refuse(
        "/closed_on",
        rules.day_contradiction(end.closed_on, today, row.founded_on, last),
    )
    after = await _change_network(
        change, row, {"closed_on": end.closed_on, "closing_reason": end.reason}
    )
    subject, fields = f"networks/{row.id}", ["closed_on", "closing_reason"]
    _note(
        change,
        caller,
        "close_network",
        "network.closed",
        subject,
        after.version,
        row.county_terc,
        fields=fields,
    )
    return tagged(after[0], etag(after.id, after.version))


async def create_network_rule(
    change: Change, caller: Caller, network_id: UUID, new: NetworkRuleCreate
) -> Answer:
    """Give a network a rule. Rules are not changed: one is retired and another takes its place."""
    network = await queries.lock_network(change, network_id, shared=True)
    demand(caller, Permission.EDIT_NETWORKS, county=network.county_terc)
    _require_open(network)
    _refuse(
        "/valid_from", "wrong_order" if new.valid_from < network.founded_on else None
    )
    facts = new.model_dump()
    asked = [
        name
        for name in rules.CRITERIA
        if facts[name] and new.direction is rules.RuleDirection.EXCLUSION
    ]
    if asked:
        raise ValidationFailed(
            *[FieldError("pointer", f"/{name}", "not_allowed") for name in asked]
        )
    statement = (
        insert(NetworkRule)
        .values(**facts, network_id=network_id)
        .returning(*_RULE_RETURNED)
    )
    row = await change.one(statement)
    subject, told = (
        f"networks/{network_id}/rules/{row.id}",
        {"direction": row.direction, "code": row.code},
    )
    _note(
        change,
        caller,
        "create_network_rule",
        "network-rule.created",
        subject,
        1,
        network.county_terc,
        **told,
    )
    return created(row[0], etag(row.id, row.version), f"/v1/registry/{subject}")


async def retire_network_rule(
    change: Change,
    caller: Caller,
    network_id: UUID,
    rule_id: UUID,
    end: NetworkRuleRetire,
    if_match: IfMatch,
) -> Answer:
    """End a rule's time, not before a decision that rests on it."""
    network = await queries.lock_network(change, network_id, shared=True)
    row = await queries.lock_network_rule(change, network_id, rule_id)
    demand(caller, Permission.EDIT_NETWORKS, county=network.county_terc)
    if expected_version(if_match, rule_id) != row.version:
        raise VersionMismatch()
    _require_open(network)
    if row.valid_to is not None:
        raise StateConflict(state="retired", allowed=[])
    last = await queries.find_last_decision(change, rule_id=rule_id)
    _refuse(
        "/valid_to",
        "wrong_order"
        if end.valid_to <= max(row.valid_from, last or row.valid_from)
        else None,
    )
    values = {
        "valid_to": end.valid_to,
        "retiring_reason": end.reason,
        "version": NetworkRule.version + 1,
        **_STAMP,
    }
    retired = update(NetworkRule).where(col(NetworkRule.id) == rule_id).values(**values)
    after = await change.one(retired.returning(*_RULE_RETURNED))
    subject, told = (
        f"networks/{network_id}/rules/{rule_id}",
        {"direction": row.direction, "code": row.code},
    )
    event, county = "network-rule.retired", network.county_terc
    _note(
        change,
        caller,
        "retire_network_rule",
        event,
        subject,
        after.version,
        county,
        **told,
    )
    return tagged(after[0], etag(after.id, after.version))


async def _standing(
    change: Change, institution: Institution, network: Record, day: date, now: datetime
) -> rules.Standing:
    """What the registry knows of an institution that bears on its place in the network."""
    today, stale = now.astimezone(CIVIL_TIME).date(), stale_since(now, DAYS_UNTIL_STALE)
    found = await queries.get_standing(
        change, institution.id, network.county_terc, day, today, stale
    )
    return rules.Standing(
        InstitutionType(institution.type),
        Sector(institution.sector),
        Ownership(institution.ownership) if institution.ownership else None,
        ReferenceLevel(institution.reference_level)
        if institution.reference_level
        else None,
        is_in_county=institution.county_terc == network.county_terc,
        **found._mapping,
    )


def _check_member(
    institution: Institution, role: str, standing: rules.Standing, day: date
) -> None:
    """InstitutionClosed, or ValidationFailed when the role does not suit the institution."""
    if institution.closed_on is not None:
        raise InstitutionClosed(state="closed", allowed=[])
    if not rules.suits(rules.NetworkRole(role), standing, day):
        _refuse("/role", "unsuited_role", allowed=rules.suiting_roles(standing, day))


async def propose_membership(
    change: Change,
    caller: Caller,
    network_id: UUID,
    new: MembershipPropose,
    now: datetime,
) -> Answer:
    """Propose an institution for a network in a role; once a network, for an excluded one is included again."""
    network = await queries.lock_network(change, network_id, shared=True)
    demand(
        caller,
        Permission.PROPOSE_MEMBERSHIPS,
        county=network.county_terc,
        institution=new.institution_id,
    )
    _require_open(network)
    try:
        institution = await lock_institution(change, new.institution_id)
    except InstitutionNotFound:
        raise UnknownReference(
            FieldError("pointer", "/institution_id", "not_found")
        ) from None
    today = now.astimezone(CIVIL_TIME).date()
    day = new.proposed_on or today
    _refuse("/proposed_on", rules.day_contradiction(day, today, network.founded_on))
    _check_member(
        institution,
        new.role,
        await _standing(change, institution, network, day, now),
        day,
    )
    values = {
        "network_id": network_id,
        "institution_id": institution.id,
        "role": new.role,
        "state_since": day,
    }
    values |= {"state": rules.MembershipState.PROPOSED, "proposed_by": caller.subject}
    statement = (
        insert(NetworkMembership).values(**values).returning(*queries.MEMBERSHIPS.c)
    )
    row = await change.one(statement)
    await _record(
        change, caller, "propose_membership", network, row, {"reason": new.reason}
    )
    answer = await queries.get_membership(change, None, network_id, row.id)
    answer.status_code = 201
    answer.headers["location"] = (
        f"/v1/registry/networks/{network_id}/memberships/{row.id}"
    )
    return answer


async def _record(
    change: Change,
    caller: Caller,
    action: str,
    network: Record,
    row: Record,
    grounds: dict[str, Any],
) -> None:
    """Keep the decision that made this version of a membership, and tell of it."""
    values = {
        "membership_id": row.id,
        "number": row.version,
        "to_state": row.state,
        "role": row.role,
    }
    values |= {"decided_by": caller.subject, "decided_on": row.state_since, **grounds}
    await change.execute(insert(NetworkDecision).values(**values))
    subject, county, rule_id = (
        f"networks/{network.id}/memberships/{row.id}",
        network.county_terc,
        grounds.get("rule_id"),
    )
    told = {
        "institution_id": str(row.institution_id),
        "role": row.role,
        "rule_id": rule_id and str(rule_id),
    }
    _note(
        change,
        caller,
        action,
        f"membership.{row.state}",
        subject,
        row.version,
        county,
        **told,
    )


async def _locked_to_decide(
    change: Change,
    caller: Caller,
    network_id: UUID,
    membership_id: UUID,
    if_match: IfMatch,
    verb: rules.Verb,
) -> tuple[Record, Record]:
    """The network and the membership: in the caller's reach, unchanged since it was read, in a state for the verb."""
    network = await queries.lock_network(change, network_id, shared=True)
    row = await queries.lock_membership(change, network_id, membership_id)
    demand(caller, Permission.DECIDE_MEMBERSHIPS, county=network.county_terc)
    if expected_version(if_match, membership_id) != row.version:
        raise VersionMismatch()
    _require_open(network)
    if verb not in (allowed := rules.allowed_verbs(row.state)):
        raise StateConflict(state=row.state, allowed=allowed)
    return network, row


async def _decide(
    change: Change,
    caller: Caller,
    about: tuple[UUID, UUID],
    decision: MembershipInclude | MembershipExclude,
    if_match: IfMatch,
    verb: rules.Verb,
    now: datetime,
) -> Answer:
    """Bring a membership to the state that the verb leads to, by a rule that is met, and keep the decision."""
    network, row = await _locked_to_decide(change, caller, *about, if_match, verb)
    day, role = decision.decided_on, row.role
    before = (network.founded_on, row.state_since)
    _refuse(
        "/decided_on",
        rules.day_contradiction(day, now.astimezone(CIVIL_TIME).date(), *before),
    )
    institution = await lock_institution(change, row.institution_id)
    standing = await _standing(change, institution, network, day, now)
    if isinstance(decision, MembershipInclude):
        role = decision.role or row.role
        _check_member(institution, role, standing, day)
    rule = await queries.require_network_rule(change, network.id, decision.rule_id)
    if missing := rules.not_met(dict(rule._mapping), verb, day, standing):
        raise RuleNotMet(missing=missing)
    values = {
        "state": rules.LEADS_TO[verb],
        "state_since": day,
        "role": role,
        "version": row.version + 1,
        **_STAMP,
    }
    changed = (
        update(NetworkMembership)
        .where(col(NetworkMembership.id) == row.id)
        .values(**values)
    )
    after = await change.one(changed.returning(*queries.MEMBERSHIPS.c))
    grounds = {"from_state": row.state, "rule_id": rule.id, "reason": decision.reason}
    await _record(change, caller, _ACTION[verb], network, after, grounds)
    return await queries.get_membership(change, None, network.id, row.id)


async def include_in_network(
    change: Change,
    caller: Caller,
    about: tuple[UUID, UUID],
    decision: MembershipInclude,
    if_match: IfMatch,
    now: datetime,
) -> Answer:
    """Take an institution in, by an inclusion rule in force whose every criterion it meets."""
    return await _decide(
        change, caller, about, decision, if_match, rules.Verb.INCLUDE, now
    )


async def exclude_from_network(
    change: Change,
    caller: Caller,
    about: tuple[UUID, UUID],
    decision: MembershipExclude,
    if_match: IfMatch,
    now: datetime,
) -> Answer:
    """Let a member go, by an exclusion rule in force."""
    return await _decide(
        change, caller, about, decision, if_match, rules.Verb.EXCLUDE, now
    )
