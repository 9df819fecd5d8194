"""Several people found at once; and files, which take a transaction of their own."""

import asyncio
import csv
from collections import Counter

import httpx
import pytest

from tests.registry.bodies.stories import CENTRE, PLATFORM, REGION, TEAM, URL, ask_to_found, found
from tests.support.records import add_territory, fetch


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    return racing_registry


@pytest.mark.parametrize("kind", [TEAM, PLATFORM, REGION, CENTRE])
async def test_of_many_foundings_at_once_one_stands(registry: httpx.AsyncClient, kind: str) -> None:
    answers = await asyncio.gather(*[ask_to_found(registry, kind) for _ in range(10)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert await fetch(registry, "SELECT count(*) FROM bodies") == [(1,)]
    assert await fetch(registry, "SELECT count(*) FROM process_runs") == [(0 if kind == TEAM else 1,)]
    assert await fetch(registry, "SELECT count(*) FROM events") == [(1,)]


async def test_the_list_is_had_as_a_file(registry: httpx.AsyncClient) -> None:
    made = await found(registry, PLATFORM)
    text = (await registry.get(f"{URL}?format=csv")).text
    [row] = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    assert (row["id"], row["process"], row["state"]) == (made["id"], "rpwp_formation", "")
    assert (await registry.get(f"{URL}?format=xlsx")).content[:2] == b"PK"
    assert (await registry.get(f"{URL}?format=ndjson")).json()["id"] == made["id"]
