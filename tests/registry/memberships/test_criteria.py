"""What an institution has to fulfil to be proposed to a network and included."""

from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
from tests.registry.networks.stories import Network, post
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory

OFFERS = "/v1/registry/support-services"


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


@pytest.mark.parametrize(
    ("verified_on", "counts"),
    [
        ([], False),
        (["2024-03-01"], True),
        (["2023-12-02"], True),
        (["2023-12-01"], False),
        (["2024-03-02"], False),
        (["2023-12-02", "2024-06-01"], True),
    ],
)
async def test_an_inclusion_is_judged_by_the_verifications_of_its_day(
    registry: httpx.AsyncClient, verified_on: list[str], counts: bool
) -> None:
    """Ninety days before 1 March 2024 lies 2 December 2023. The description itself is made, and verified, today."""
    await add_territory(registry)
    network = await Network.found(registry, needs_verified_service=True)
    host = await add_institution(registry)
    membership = await network.propose(host)
    offer = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic"}
    over = await post(registry, OFFERS, offer | {"offered_to": "2024-02-29"})
    await post(registry, f"{OFFERS}/{over['id']}/verifications", {"verified_on": "2024-02-28"})
    made = await post(registry, OFFERS, offer)
    for day in verified_on:
        await post(registry, f"{OFFERS}/{made['id']}/verifications", {"verified_on": day})
    answer = await network.decide("include", membership, "2024-03-01")
    if counts:
        assert answer.status_code == 200
    else:
        assert assert_problem(answer, 409, "rule-not-met")["missing"] == ["needs_verified_service"]


async def test_an_inclusion_is_judged_by_what_the_institution_was_on_its_day(registry: httpx.AsyncClient) -> None:
    """It was a counselling centre; yesterday it became a kindergarten, and an inclusion of 2024 is entered today."""
    await add_territory(registry)
    network = await Network.found(registry, institution_types=["psych_ped_counselling_centre"])
    host = await add_institution(registry)
    membership = await network.propose(host)
    became = await registry.patch(
        f"/v1/registry/institutions/{host['id']}",
        json={"type": "kindergarten"},
        headers={"if-match": f'"{host["id"]}:1"'},
    )
    assert became.status_code == 200
    assert (await network.decide("include", membership, "2024-03-01")).status_code == 200
    excluded = await network.decide("exclude", (await network.read(membership)), "2024-04-01")
    today = str(clock.today())
    refused = await network.decide("include", excluded.json(), today, role="cooperating")
    assert assert_problem(refused, 409, "rule-not-met")["missing"] == ["institution_types"]


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
    assert_problem(await network.decide("include", waiting, "2025-06-30"), 409, "institution-closed")
    body = {"institution_id": hosts[2]["id"], "role": "supporting"}
    assert_problem(await network.client.post(f"{network.url}/memberships", json=body), 409, "institution-closed")
    assert (await network.decide("exclude", member, "2025-06-30")).status_code == 200
    # Before it closed it could be both, whenever that is entered.
    assert (await network.decide("include", waiting, "2025-06-29")).status_code == 200
    proposed = await network.client.post(f"{network.url}/memberships", json=body | {"proposed_on": "2025-06-29"})
    assert proposed.status_code == 201


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
