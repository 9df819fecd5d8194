"""Requests to the networks, their rules and memberships."""

import uuid

from tests.registry.institutions import asks as institutions
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.records import INSTITUTION, change

NETWORK = {"name": "Sieć wsparcia", "founded_on": "2024-01-01"}
INCLUSION = {"direction": "inclusion", "code": "W1", "name": "Włączenie", "valid_from": "2024-01-01"}
EXCLUSION = {"direction": "exclusion", "code": "Y1", "name": "Wyłączenie", "valid_from": "2024-01-01"}
PROPOSAL = {"role": "supporting", "proposed_on": "2024-02-01"}
_CLOSED = "UPDATE networks SET closed_on = founded_on WHERE county_terc = :county"


def _path(target: Target) -> str:
    return f"/networks/{target['network']['id']}"


def _rule_path(target: Target) -> str:
    return f"{_path(target)}/rules/{target['exclusion']['id']}"


def _membership_path(target: Target, name: str = "proposed") -> str:
    return f"{_path(target)}/memberships/{target[name]['id']}"


def decision(rule: Made, day: str = "2024-03-01") -> Made:
    """The body of a decision that rests on that rule."""
    return {"rule_id": rule["id"], "decided_on": day, "reason": "ustalono na spotkaniu"}


async def _propose(target: Target, make: Make) -> Made:
    other = await make("/institutions", INSTITUTION | {"county_terc": target.county})
    return await make(f"{_path(target)}/memberships", PROPOSAL | {"institution_id": other["id"]})


async def prepare(target: Target, make: Make) -> None:
    """The county's one network with two rules; one institution proposed, one included, one that nobody proposed yet.

    A county has one open network, so an earlier one is closed, and whoever is to found one finds none.
    """
    await institutions.prepare(target, make)
    await change(target.client, _CLOSED, county=target.county)
    if target.is_for("create_network"):
        return
    target.made["network"] = await make("/networks", NETWORK | {"county_terc": target.county})
    target.made["inclusion"] = await make(f"{_path(target)}/rules", INCLUSION)
    target.made["exclusion"] = await make(f"{_path(target)}/rules", EXCLUSION)
    target.made["proposed"] = await _propose(target, make)
    target.made["included"] = waiting = await _propose(target, make)
    include = f"{_membership_path(target, 'included')}/include"
    target.made["included"] = await make(include, decision(target["inclusion"]), waiting)


def _named(made: Made) -> Made:
    return {"id": made["id"], "version": made["version"]}


ASKS: Asks = {
    "list_networks": asks_to_read("/networks"),
    "create_network": lambda target: Ask(
        "POST", "/networks", NETWORK | {"county_terc": target.county}, out_of_reach="outside-scope"
    ),
    "get_network": asks_to_read(_path),
    "amend_network": lambda target: Ask(
        "PATCH", _path(target), {"name": "Inna nazwa"}, target["network"], out_of_reach="outside-scope"
    ),
    "close_network": lambda target: Ask(
        "POST",
        f"{_path(target)}/close",
        {"closed_on": "2025-01-01", "reason": "koniec"},
        target["network"],
        out_of_reach="outside-scope",
    ),
    "list_network_rules": asks_to_read(lambda target: f"{_path(target)}/rules"),
    "create_network_rule": lambda target: Ask(
        "POST", f"{_path(target)}/rules", INCLUSION | {"code": "W2"}, out_of_reach="outside-scope"
    ),
    "get_network_rule": asks_to_read(_rule_path),
    "retire_network_rule": lambda target: Ask(
        "POST",
        f"{_rule_path(target)}/retire",
        {"valid_to": "2025-01-01", "reason": "zastąpiona"},
        target["exclusion"],
        out_of_reach="outside-scope",
    ),
    "list_memberships": asks_to_read(lambda target: f"{_path(target)}/memberships"),
    "propose_membership": lambda target: Ask(
        "POST",
        f"{_path(target)}/memberships",
        PROPOSAL | {"institution_id": target["institution"]["id"]},
        out_of_reach="outside-scope",
    ),
    "get_membership": asks_to_read(_membership_path),
    "include_in_network": lambda target: Ask(
        "POST",
        f"{_membership_path(target)}/include",
        decision(target["inclusion"]),
        target["proposed"],
        out_of_reach="outside-scope",
    ),
    "include_many_in_network": lambda target: Ask(
        "POST",
        f"{_path(target)}/memberships:include",
        {"items": [_named(target["proposed"]) | decision(target["inclusion"])]},
    ),
    "exclude_from_network": lambda target: Ask(
        "POST",
        f"{_membership_path(target, 'included')}/exclude",
        decision(target["exclusion"], "2024-04-01"),
        target["included"],
        out_of_reach="outside-scope",
    ),
    "list_memberships_of_institution": asks_to_read(
        lambda target: f"/institutions/{target['institution']['id']}/memberships"
    ),
    "list_lapsed_memberships": asks_to_read(lambda target: f"{_path(target)}/lapsed-memberships"),
    # Its rule holds: whoever may give notice is told that there is nothing to give it of.
    "give_membership_notice": lambda target: Ask(
        "POST",
        f"{_membership_path(target, 'included')}/notices",
        {"answer_by": "2199-01-01"},
        out_of_reach="outside-scope",
        lacks="rule-still-met",
    ),
    "get_membership_notice": lambda target: Ask(
        "GET",
        f"{_membership_path(target, 'included')}/notices/{uuid.UUID(int=0)}",
        lacks="membership-notice-not-found",
    ),
    "list_membership_decisions": asks_to_read(lambda target: f"{_membership_path(target)}/decisions"),
    "get_county_network_gaps": asks_to_read(lambda target: f"/counties/{target.county}/network-gaps"),
    "get_network_gaps": asks_to_read(lambda target: f"{_path(target)}/gaps"),
}
