"""What training's own client expects of the registry, asked of the real one in process."""

import uuid
from typing import Any

import httpx

from services.training.peers import Sites, asking, find_sites, list_sites, site_is_of_programme
from tests.support.callers import call_as
from tests.support.records import add_territory, app_of
from tests.training.enrolments.registries import sites_by


def editor() -> dict[str, str]:
    """An application that may edit sites, with a key of its own for what it asks."""
    return {**call_as(scope="registry:write"), "idempotency-key": str(uuid.uuid4())}


def asked(client: httpx.AsyncClient) -> Sites:
    return sites_by(httpx.ASGITransport(app_of(client)))


async def add_site(client: httpx.AsyncClient, programme: str, name: str) -> dict[str, Any]:
    """A candidate of a programme, through the registry's own API."""
    body = {"name": name, "county_terc": "2469"}
    answer = await client.post(f"/v1/registry/programmes/{programme}/sites", json=body, headers=editor())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_training_learns_which_locations_are_of_a_programme(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    location, left = [await add_site(registry, "TMW", name) for name in ("A", "B")]
    end = {"ended_on": "2026-01-31", "reason": "rezygnacja"}
    path = f"/v1/registry/sites/{left['id']}/withdraw"
    gone = await registry.post(path, json=end, headers={**editor(), "if-match": f'"{left["id"]}:1"'})
    assert gone.status_code == 200, gone.text
    first, second = [uuid.UUID(one["id"]) for one in (location, left)]
    with asking(asked(registry)):
        assert await site_is_of_programme(first, "TMW")
        assert not await site_is_of_programme(first, "MWM")
        assert not await site_is_of_programme(second, "TMW")
        assert not await site_is_of_programme(uuid.uuid4(), "TMW")
        assert await find_sites("TMW") == frozenset({first})
        assert await list_sites("TMW") == frozenset({first})
        assert await list_sites("NONE") == frozenset()
        assert await find_sites("NONE") is None


async def test_all_thirty_locations_come_however_many_fit_on_a_page(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    made = {uuid.UUID((await add_site(registry, "TMW", f"L{number}"))["id"]) for number in range(30)}
    sites = asked(registry)
    sites.page = 7
    assert await sites.list_taking_part("TMW") == made
