"""A network and its people, made through the API."""

from typing import Any

import httpx

from tests.registry.networks.asks import EXCLUSION, INCLUSION, NETWORK, PROPOSAL, decision
from tests.support.callers import call_as
from tests.support.records import add_institution

URL = "/v1/registry/networks"
COORDINATOR = call_as("county_coordinator", institution=None)
Made = dict[str, Any]


async def post(client: httpx.AsyncClient, url: str, body: Made) -> Made:
    """What was created."""
    answer = await client.post(url, json=body)
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    return made


class Network:
    """The network of county 2469 with a rule of either direction."""

    def __init__(self, client: httpx.AsyncClient, made: Made, inclusion: Made, exclusion: Made) -> None:
        self.client, self.made, self.inclusion, self.exclusion = client, made, inclusion, exclusion
        self.url = f"{URL}/{made['id']}"

    @classmethod
    async def found(cls, client: httpx.AsyncClient, **criteria: Any) -> "Network":
        """Founded on the first day of 2024; `criteria` are the inclusion rule's."""
        made = await post(client, URL, NETWORK | {"county_terc": "2469"})
        rules = f"{URL}/{made['id']}/rules"
        return cls(client, made, await post(client, rules, INCLUSION | criteria), await post(client, rules, EXCLUSION))

    async def propose(self, institution: Made | None = None, **facts: Any) -> Made:
        """An institution proposed in February 2024."""
        institution = institution or await add_institution(self.client)
        body = PROPOSAL | {"institution_id": institution["id"]} | facts
        return await post(self.client, f"{self.url}/memberships", body)

    async def decide(self, verb: str, membership: Made, day: str = "2024-03-01", **facts: Any) -> httpx.Response:
        """The coordinator's decision by the rule of that direction."""
        body = decision(self.inclusion if verb == "include" else self.exclusion, day) | facts
        headers = COORDINATOR | {"if-match": f'"{membership["id"]}:{membership["version"]}"'}
        return await self.client.post(f"{self.url}/memberships/{membership['id']}/{verb}", json=body, headers=headers)

    async def include(self, membership: Made, day: str = "2024-03-01", **facts: Any) -> Made:
        """The member as it is after its inclusion."""
        answer = await self.decide("include", membership, day, **facts)
        assert answer.status_code == 200, answer.text
        made: Made = answer.json()
        return made

    async def read(self, membership: Made) -> Made:
        """The membership as it is now."""
        answer = await self.client.get(f"{self.url}/memberships/{membership['id']}")
        made: Made = answer.json()
        return made

    async def decisions(self, membership: Made) -> list[Made]:
        """The whole history of a membership."""
        answer = await self.client.get(f"{self.url}/memberships/{membership['id']}/decisions")
        found: list[Made] = answer.json()["items"]
        return found
