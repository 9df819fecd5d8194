"""Several people seat, end and dissolve at once."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.registry.bodies.stories import EMPLOYMENT, PLATFORM, TEAM, URL, ask_to_seat, composition, found, tag_of
from tests.support.records import add_territory


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    return racing_registry


async def test_one_account_seated_many_times_at_once_has_one_seat(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    answers = await asyncio.gather(
        *[ask_to_seat(registry, platform, EMPLOYMENT, subject="account-7") for _ in range(10)]
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}


async def test_a_seat_is_ended_once(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    member = (await ask_to_seat(registry, platform, EMPLOYMENT)).json()
    end = {"held_to": "2024-09-01", "reason": "koniec kadencji"}
    path = f"{URL}/{platform['id']}/members/{member['id']}/end"
    answers = await asyncio.gather(*[registry.post(path, json=end, headers=tag_of(member)) for _ in range(8)])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 7}


async def test_nobody_is_delegated_by_a_team_that_is_being_dissolved(registry: httpx.AsyncClient) -> None:
    platform, team = await found(registry, PLATFORM), await found(registry, TEAM)
    end = {"dissolved_on": "2025-01-01", "reason": "koniec"}
    dissolving = registry.post(f"{URL}/{team['id']}/dissolve", json=end, headers=tag_of(team))
    seating = [ask_to_seat(registry, platform, TEAM, delegating_body_id=team["id"]) for _ in range(6)]
    *seated, dissolved = await asyncio.gather(*seating, dissolving)
    assert dissolved.status_code == 200
    assert {answer.status_code for answer in seated} <= {201, 422}
    assert (await composition(registry, platform, "?as_of=2025-01-01"))["members"] == 0
