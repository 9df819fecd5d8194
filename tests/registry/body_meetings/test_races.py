"""Several people settle a meeting at once."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.registry.bodies.stories import PLATFORM, URL, found, plan, tag_of
from tests.support.records import add_territory


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    return racing_registry


async def test_a_meeting_is_held_or_cancelled_and_never_both(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    [meeting] = await plan(registry, platform)
    path, seen = f"{URL}/{platform['id']}/meetings/{meeting['id']}", tag_of(meeting)
    holding = [registry.post(f"{path}/hold", json={"held_on": "2024-04-01"}, headers=seen) for _ in range(5)]
    calling_off = [registry.post(f"{path}/cancel", json={"reason": "kworum"}, headers=seen) for _ in range(5)]
    answers = await asyncio.gather(*[one for pair in zip(holding, calling_off, strict=True) for one in pair])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}
