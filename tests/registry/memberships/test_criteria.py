"""What an institution has to fulfil to be proposed to a network and included."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.registry.networks.stories import Network, post
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change


async def test_an_inclusion_names_every_criterion_that_is_not_met(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    asked = {"sectors": ["health"], "institution_types": ["hospital"], "needs_verified_service": True}
    network = await Network.found(registry, **asked, in_county=True)
    foreign = call_as("registry_editor", counties=["2401"])
    body = {"name": "Poradnia", "type": "psych_ped_counselling_centre", "county_terc": "2401"}
    host = (await registry.post("/v1/registry/institutions", json=body, headers=foreign)).json()
    refused = await network.decide("include", await network.propose(host))
    assert assert_problem(refused, 409, "rule-not-met")["missing"] == [*asked, "in_county"]
    wrong = await network.decide("include", await network.propose(), rule_id=network.exclusion["id"])
    assert assert_problem(wrong, 409, "rule-not-met")["missing"] == ["direction"]


async def test_an_offer_counts_while_it_is_verified_and_offered(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    network = await Network.found(registry, needs_verified_service=True)
    host = await add_institution(registry)
    membership = await network.propose(host)
    assert_problem(await network.decide("include", membership), 409, "rule-not-met")
    offer = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic"}
    await post(registry, "/v1/registry/support-services", offer | {"offered_to": "2024-12-31"})
    assert_problem(await network.decide("include", membership), 409, "rule-not-met")
    made = await post(registry, "/v1/registry/support-services", offer)
    aged = "UPDATE support_services SET verified_at = now() - CAST(:age AS interval) WHERE id = CAST(:id AS uuid)"
    await change(registry, aged, id=made["id"], age=timedelta(days=91))
    assert_problem(await network.decide("include", membership), 409, "rule-not-met")
    await change(registry, aged, id=made["id"], age=timedelta(days=89))
    assert (await network.decide("include", membership)).status_code == 200


async def test_a_rule_of_another_network_is_no_rule(network: Network) -> None:
    both = call_as("registry_editor", counties=["2401"])
    elsewhere = {"county_terc": "2401", "name": "Inna", "founded_on": "2024-01-01"}
    other = (await network.client.post("/v1/registry/networks", json=elsewhere, headers=both)).json()
    rule = {"direction": "inclusion", "code": "W1", "name": "W", "valid_from": "2024-01-01"}
    made = await network.client.post(f"/v1/registry/networks/{other['id']}/rules", json=rule, headers=both)
    answer = await network.decide("include", await network.propose(), rule_id=made.json()["id"])
    assert assert_problem(answer, 422, "unknown-reference")["errors"][0]["pointer"] == "/rule_id"


async def test_a_closed_institution_is_neither_proposed_nor_included_but_can_be_let_go(network: Network) -> None:
    hosts = [await add_institution(network.client, name=name) for name in "ABC"]
    waiting, member = await network.propose(hosts[0]), await network.include(await network.propose(hosts[1]))
    for host in hosts:
        end, seen = {"closed_on": "2025-06-30", "reason": "koniec"}, {"if-match": f'"{host["id"]}:1"'}
        await network.client.post(f"/v1/registry/institutions/{host['id']}/close", json=end, headers=seen)
    assert_problem(await network.decide("include", waiting), 409, "institution-closed")
    body = {"institution_id": hosts[2]["id"], "role": "supporting"}
    assert_problem(await network.client.post(f"{network.url}/memberships", json=body), 409, "institution-closed")
    assert (await network.decide("exclude", member)).status_code == 200


@pytest.mark.parametrize(
    ("facts", "role", "allowed"),
    [
        ({"type": "kindergarten"}, "coordinating", ["cooperating"]),
        ({"type": "kindergarten"}, "supporting", ["cooperating"]),
        ({"type": "psych_ped_counselling_centre"}, "cooperating", ["supporting"]),
        ({"type": "hospital", "reference_level": "I"}, "cooperating", ["supporting"]),
        ({"type": "local_authority", "sector": "family_support"}, "supporting", ["coordinating"]),
        ({"type": "ngo", "sector": "civic"}, "coordinating", ["cooperating"]),
    ],
)
async def test_a_role_that_does_not_suit_is_refused_with_those_that_do(
    network: Network, facts: dict[str, Any], role: str, allowed: list[str]
) -> None:
    host = await add_institution(network.client, **facts)
    body = {"institution_id": host["id"], "role": role}
    refused = await network.client.post(f"{network.url}/memberships", json=body)
    assert assert_problem(refused, 422, "validation-failed")["allowed"] == allowed
    membership = await network.propose(host, role=allowed[0])
    refused = await network.decide("include", membership, role=role)
    assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "unsuited_role"


async def test_the_countys_coordinating_institution_may_coordinate_whatever_it_is(network: Network) -> None:
    host = await add_institution(network.client)
    given = {"kind": "coordinating_institution", "held_from": "2024-02-01"}
    await post(network.client, f"/v1/registry/institutions/{host['id']}/functions", given)
    assert (await network.propose(host, role="coordinating"))["role"] == "coordinating"
