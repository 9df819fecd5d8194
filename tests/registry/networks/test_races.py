"""Several people found networks at once."""

import asyncio
from collections import Counter

import httpx

from tests.registry.networks.asks import NETWORK
from tests.registry.networks.stories import URL
from tests.support.records import add_territory


async def test_a_county_that_founds_twenty_networks_at_once_has_one(racing_registry: httpx.AsyncClient) -> None:
    await add_territory(racing_registry)
    body = NETWORK | {"county_terc": "2469"}
    answers = await asyncio.gather(*[racing_registry.post(URL, json=body) for _ in range(20)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
