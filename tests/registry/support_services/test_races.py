"""Several people describe one service at once."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.support.records import add_institution, add_territory, fetch

URL = "/v1/registry/support-services"


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    return racing_registry


async def test_of_several_descriptions_of_one_version_one_is_kept(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    body = {"institution_id": host["id"], "name": "Grupa", "kind": "social", "capacity": 100}
    made = await registry.post(URL, json=body)
    url, seen = made.headers["location"], {"if-match": made.headers["etag"]}
    patches = [registry.patch(url, json={"free_places": number}, headers=seen) for number in range(8)]
    verifications = [registry.post(f"{url}/verify", headers=seen) for _ in range(8)]
    answers = await asyncio.gather(*patches, *verifications)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 15}
    assert (await registry.get(url)).json()["version"] == 2
    assert len(await fetch(registry, "SELECT 1 FROM events")) == 3


async def test_no_service_begins_at_an_institution_that_is_being_closed(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    end, seen = {"closed_on": "2026-01-01", "reason": "koniec"}, {"if-match": f'"{host["id"]}:1"'}
    body = {"institution_id": host["id"], "name": "Grupa", "kind": "social"}
    closing = registry.post(f"/v1/registry/institutions/{host['id']}/close", json=end, headers=seen)
    answers = await asyncio.gather(*[registry.post(URL, json=body) for _ in range(5)], closing)
    assert answers[-1].status_code == 200
    assert {answer.status_code for answer in answers[:-1]} <= {201, 409}
    told = [row.type for row in await fetch(registry, "SELECT type FROM events ORDER BY position")]
    begun = [answer for answer in answers[:-1] if answer.status_code == 201]
    assert told.index("registry.institution.closed") == len(begun) + 1
    assert (await registry.post(URL, json=body)).status_code == 409
