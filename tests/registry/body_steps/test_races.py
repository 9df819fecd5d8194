"""Several people record at once."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.registry.bodies.stories import EVERYWHERE, PLATFORM, URL, begin, found, tag_of
from tests.support.records import add_territory, fetch


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    return racing_registry


async def test_one_step_recorded_by_many_at_once_is_recorded_once(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await begin(registry, platform)
    steps = f"{URL}/{platform['id']}/steps"
    run = (await registry.get(steps)).json()
    asked = {"step": "letter_of_intent", "done_on": "2024-06-01"}
    answers = await asyncio.gather(
        *[registry.post(steps, json=asked, headers=EVERYWHERE | tag_of(run)) for _ in range(12)]
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 11}
    assert await fetch(registry, "SELECT count(*) FROM process_run_steps") == [(1,)]
    assert await fetch(registry, "SELECT version FROM bodies") == [(2,)]
