"""/networks/{network_id}/rules."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanEditNetworks, CanReadNetworks
from services.registry.network_rules import actions, queries
from services.registry.network_rules.schemas import (
    NetworkRuleCreate,
    NetworkRuleList,
    NetworkRuleRead,
    NetworkRuleRetire,
)
from services.registry.problems import (
    NetworkClosed,
    NetworkNotFound,
    NetworkRuleNotFound,
    RuleCodeAlreadyUsed,
)

router = slice_router(prefix="/networks", tags=["networks"])
_CHANGE = (
    NetworkNotFound,
    NetworkClosed,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
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
    rules = await queries.list_network_rules(reading, terms, network_id, query)
    return page_answer(rules, terms)


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
    rule = await actions.create_network_rule(change, network_id, new)
    path = f"/v1/registry/networks/{network_id}/rules/{rule.key}"
    return created_answer(rule, path)


@router.get(
    "/{network_id}/rules/{rule_id}",
    responses=answers(NetworkRuleRead, NetworkRuleNotFound),
)
async def get_network_rule(
    caller: CanReadNetworks, reading: Reading, terms: Terms, network_id: Id, rule_id: Id
) -> Answer:
    """One rule of a network, in force or retired."""
    rule = await queries.get_network_rule(reading, network_id, rule_id)
    return stored_answer(rule, terms)


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
    """Retire a rule from a day on. The day must be after every decision
    made by the rule.
    """
    version = expected_version(if_match, rule_id)
    rule = await actions.retire_network_rule(change, network_id, rule_id, end, version)
    return stored_answer(rule)
