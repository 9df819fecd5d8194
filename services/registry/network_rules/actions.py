"""Every change of a network's rules. A rule is never changed: it is retired and another takes its place."""

from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand
from services.registry.network_rules import queries
from services.registry.network_rules.models import NetworkRule
from services.registry.network_rules.rules import excess_criteria
from services.registry.network_rules.schemas import NetworkRuleCreate, NetworkRuleRetire
from services.registry.networks.actions import require_open
from services.registry.networks.models import Network
from services.registry.networks.queries import lock_network
from services.registry.permissions import Permission
from services.registry.tables import also_recording, recording


def _subject(network: Network, rule: Stored) -> Subject:
    path = f"networks/{network.id}/rules/{rule.key}"
    return Subject(path, rule.version, network.county_terc)


async def create_network_rule(
    change: Change, network_id: UUID, new: NetworkRuleCreate
) -> Stored:
    """Give a network a rule."""
    # Shared: rules and decisions of one network do not wait for each other, but its
    # closing waits for them.
    network = await lock_network(change, network_id, shared=True)
    demand(change.caller, Permission.EDIT_NETWORKS, county=network.county_terc)
    require_open(network, new.valid_from)
    if new.valid_from < network.founded_on:
        refuse(("valid_from", "wrong_order"))
    facts = new.model_dump()
    refuse(*excess_criteria(new.direction, facts))
    facts["recorded"] = recording(change.caller.subject, "valid_from")
    statement = insert(NetworkRule).values(**facts, network_id=network_id)
    rule = await change.stored(statement.returning(*queries.STORED))
    change.record(
        "create_network_rule",
        _subject(network, rule),
        "network-rule.created",
        direction=new.direction,
        code=new.code,
    )
    return rule


async def retire_network_rule(
    change: Change,
    network_id: UUID,
    rule_id: UUID,
    end: NetworkRuleRetire,
    version: int,
) -> Stored:
    """Retire a rule from a day on, which must be after the last decision made by it."""
    network = await lock_network(change, network_id, shared=True)
    rule = await queries.lock_network_rule(change, network_id, rule_id)
    demand(change.caller, Permission.EDIT_NETWORKS, county=network.county_terc)
    require_version(rule.version, version)
    require_open(network, end.valid_to)
    if rule.valid_to is not None:
        raise StateConflict(state="retired", allowed=[])
    # A decision by this rule takes a shared lock on it, so no decision can be missed
    # under this lock.
    last = await queries.find_last_decision(change, rule_id)
    # `valid_to` is the first day without the rule: a decision of that day would have no
    # rule in force.
    if end.valid_to <= max(rule.valid_from, last or rule.valid_from):
        refuse(("valid_to", "wrong_order"))
    statement = update(NetworkRule).where(col(NetworkRule.id) == rule_id)
    statement = statement.values(
        valid_to=end.valid_to,
        retiring_reason=end.reason,
        recorded=also_recording(NetworkRule, change.caller.subject, "valid_to"),
        version=NetworkRule.version + 1,
        changed_at=func.now(),
    )
    retired = await change.stored(statement.returning(*queries.STORED))
    change.record(
        "retire_network_rule",
        _subject(network, retired),
        "network-rule.retired",
        direction=rule.direction,
        code=rule.code,
    )
    return retired
