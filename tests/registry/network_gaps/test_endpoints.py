"""What a network lacks, through the API."""

from typing import Any

import httpx
import pytest

from tests.registry.networks.stories import Network, post
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def test_gaps_name_who_offers_support_and_is_not_in_the_network(registry: httpx.AsyncClient) -> None:
    network = await Network.found(registry)
    inside, waiting, outside = [await add_institution(registry, name=name) for name in ("A", "C", "B")]
    for host in (inside, inside, waiting, outside):
        offer = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic"}
        await post(registry, "/v1/registry/support-services", offer)
    ended = {"institution_id": outside["id"], "name": "Dawna", "kind": "social", "offered_to": "2024-12-31"}
    await post(registry, "/v1/registry/support-services", ended)
    await network.include(await network.propose(inside))
    proposed = await network.propose(waiting)
    gaps = (await registry.get(f"{network.url}/gaps")).json()
    [line] = gaps["offered"]
    assert (line["sector"], line["kind"]) == ("education", "therapeutic")
    assert (line["institutions"], line["services"]) == (3, 4)
    assert (line["included_institutions"], line["included_services"]) == (1, 2)
    assert line["not_included"] == [
        {"institution_id": outside["id"], "name": "B", "state": None},
        {"institution_id": waiting["id"], "name": "C", "state": proposed["state"]},
    ]
    assert (len(gaps["missing"]), gaps["county_terc"]) == (19, "2469")


async def test_of_its_members_stands_what_they_can_take_and_a_county_has_one_open_network(
    registry: httpx.AsyncClient,
) -> None:
    network = await Network.found(registry)
    inside, outside = [await add_institution(registry, name=name) for name in ("A", "B")]
    offers: tuple[tuple[dict[str, Any], dict[str, int]], ...] = (
        (inside, {"capacity": 8, "free_places": 3, "waiting_days": 10}),
        (inside, {"capacity": 4, "free_places": 0, "waiting_days": 40}),
        (inside, {}),
        (outside, {"capacity": 9, "free_places": 9, "waiting_days": 90}),
    )
    for host, facts in offers:
        offer = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic", **facts}
        await post(registry, "/v1/registry/support-services", offer)
    await network.include(await network.propose(inside))
    gaps = (await registry.get("/v1/registry/counties/2469/network-gaps")).json()
    [line] = gaps["offered"]
    assert (line["included_services"], line["included_free_places"]) == (3, 3)
    assert (line["included_capacity_unknown"], line["included_longest_waiting_days"]) == (1, 40)
    assert gaps == (await registry.get(f"{network.url}/gaps")).json()
    none = await registry.get("/v1/registry/counties/2401/network-gaps")
    assert_problem(none, 404, "network-not-found")
