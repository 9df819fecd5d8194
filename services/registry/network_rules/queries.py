"""Every question asked of the rules of networks."""

from datetime import date
from uuid import UUID

from sqlalchemy import FromClause, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.memberships.models import NetworkDecision
from services.registry.network_rules.models import NetworkRule
from services.registry.network_rules.schemas import NetworkRuleList, NetworkRuleRead
from services.registry.networks.queries import require_network
from services.registry.problems import NetworkRuleNotFound

_RULES: FromClause = rows_of(NetworkRule)
_DECISIONS: FromClause = rows_of(NetworkDecision)
_WIRE = {name: _RULES.c[name] for name in NetworkRuleRead.model_fields}
_LISTING = Listing(
    _WIRE,
    {name: _RULES.c[name] for name in ("code", "valid_from")},
    "code",
    _RULES.c.id,
)
STORED = stored_columns(_WIRE, _RULES.c.id, _RULES.c.version)


async def list_network_rules(
    reading: Reading, terms: ListTerms, network_id: UUID, query: NetworkRuleList
) -> ItemPage:
    """A page of a network's rules."""
    await require_network(reading, network_id)
    rules = select(_RULES).where(_RULES.c.network_id == network_id)
    if query.direction:
        rules = rules.where(_RULES.c.direction == query.direction)
    if query.as_of:
        # Without an end the comparison is NULL: such a rule is still in force.
        has_not_ended = func.coalesce(_RULES.c.valid_to > query.as_of, True)
        rules = rules.where(_RULES.c.valid_from <= query.as_of, has_not_ended)
    return await page_of(reading, terms, query, Listed(_LISTING, rules))


def _rule(network_id: UUID, rule_id: UUID) -> Rows:
    return select(_RULES).where(
        _RULES.c.id == rule_id, _RULES.c.network_id == network_id
    )


async def get_network_rule(reading: Reading, network_id: UUID, rule_id: UUID) -> Stored:
    """One rule of a network."""
    of_network = (_RULES.c.id == rule_id) & (_RULES.c.network_id == network_id)
    return await reading.stored(select(*STORED).where(of_network), NetworkRuleNotFound)


async def lock_network_rule(
    change: Change, network_id: UUID, rule_id: UUID
) -> NetworkRule:
    """A rule of a network, locked until the transaction ends."""
    statement = _rule(network_id, rule_id).with_for_update()
    return await change.instance(NetworkRule, statement, NetworkRuleNotFound)


async def require_network_rule(
    change: Change, network_id: UUID, rule_id: UUID
) -> NetworkRule:
    """The rule that a decision names; UnknownReference when the network
    has no such rule.
    """
    # A shared lock: decisions do not wait for each other, but retiring waits for them.
    statement = _rule(network_id, rule_id).with_for_update(read=True)
    row = await change.find(statement)
    if row is None:
        raise UnknownReference(FieldError("pointer", "/rule_id", "not_found"))
    return NetworkRule(**row._mapping)


async def find_last_decision(reading: Reading, rule_id: UUID) -> date | None:
    """The day of the last decision made by a rule; None when there is none."""
    statement = select(func.max(_DECISIONS.c.decided_on))
    statement = statement.where(_DECISIONS.c.rule_id == rule_id)
    day: date | None = await reading.scalar(statement)
    return day
