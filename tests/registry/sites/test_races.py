"""Several people work on one site at once."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.records import add_territory, fetch

URL = "/v1/registry"


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    racing_registry.headers.update(call_as("programme_manager"))
    return racing_registry


async def test_one_county_stands_twenty_times_at_once_and_takes_part_once(registry: httpx.AsyncClient) -> None:
    body = {"name": "Powiat", "county_terc": "2469"}
    answers = await asyncio.gather(*[registry.post(f"{URL}/programmes/MWM/sites", json=body) for _ in range(20)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert await fetch(registry, "SELECT count(*) FROM process_runs") == [(1,)]


async def test_a_site_leaves_once(registry: httpx.AsyncClient) -> None:
    body = {"name": "Powiat", "county_terc": "2469"}
    site = (await registry.post(f"{URL}/programmes/MWM/sites", json=body)).json()
    end, tag = {"ended_on": "2026-01-01", "reason": "x"}, {"if-match": f'"{site["id"]}:1"'}
    path = f"{URL}/sites/{site['id']}/withdraw"
    answers = await asyncio.gather(*[registry.post(path, json=end, headers=tag) for _ in range(10)])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}


async def test_sites_are_had_as_a_file(registry: httpx.AsyncClient) -> None:
    body = {"name": "Powiat", "county_terc": "2469"}
    await registry.post(f"{URL}/programmes/MWM/sites", json=body)
    answer = await registry.get(f"{URL}/programmes/MWM/sites?format=csv&fields=name,status,step")
    assert answer.text.splitlines() == ["name,status,step", "Powiat,candidate,"]
