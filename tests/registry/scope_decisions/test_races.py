"""Several people decide for one site at once."""

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


async def test_of_ten_decisions_at_once_one_is_current(registry: httpx.AsyncClient) -> None:
    body = {"name": "Lokalizacja", "county_terc": "2469"}
    site = (await registry.post(f"{URL}/programmes/TMW/sites", json=body)).json()
    path, decision = f"{URL}/sites/{site['id']}/scope-decisions", {"spheres": [1], "decided_on": "2026-01-15"}
    answers = await asyncio.gather(*[registry.post(path, json=decision) for _ in range(10)])
    assert Counter(answer.status_code for answer in answers) == {201: 10}
    assert await fetch(registry, "SELECT count(*) FROM scope_decisions WHERE superseded_at IS NULL") == [(1,)]
