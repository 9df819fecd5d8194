"""What a network lacks, through the API."""

import httpx
import pytest

from tests.registry.networks.stories import Network, post
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
