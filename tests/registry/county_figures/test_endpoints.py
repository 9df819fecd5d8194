"""Every county in a few figures."""

import httpx

from tests.registry.networks.stories import Network, post
from tests.support.callers import call_as
from tests.support.records import add_institution, add_territory

URL = "/v1/registry/county-figures"


async def test_a_county_that_has_nothing_is_a_line_of_zeros_and_what_is_not_known_is_null(
    registry: httpx.AsyncClient,
) -> None:
    await add_territory(registry)
    await Network.found(registry)
    host = await add_institution(registry)
    for facts in ({"capacity": 10, "free_places": 4}, {"capacity": 5, "free_places": 0}, {}):
        body = {"institution_id": host["id"], "name": "Usługa", "kind": "therapeutic", **facts}
        await post(registry, "/v1/registry/support-services", body)
    found = (await registry.get(URL, headers=call_as("guardian"))).json()["items"]
    assert [county["terc"] for county in found] == ["0219", "0619", "2401", "2469"]
    katowice, bedzin = found[3], found[2]
    assert (katowice["institutions"], katowice["services"], katowice["has_network"]) == (1, 3, True)
    assert (katowice["capacity"], katowice["free_places"], katowice["capacity_unknown"]) == (15, 4, 1)
    assert (bedzin["institutions"], bedzin["services"], bedzin["has_network"], bedzin["sites"]) == (0, 0, False, 0)
    assert (bedzin["capacity"], bedzin["free_places"]) == (None, None)
