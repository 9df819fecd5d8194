"""Several people found, seat and decide at once; and files, which take a transaction of their own."""

import asyncio
import csv
from collections import Counter

import httpx
import pytest

from tests.registry.bodies.stories import (
    CENTRE,
    EMPLOYMENT,
    EVERYWHERE,
    PLATFORM,
    REGION,
    TEAM,
    URL,
    ask_to_found,
    ask_to_seat,
    composition,
    found,
    plan,
    tag_of,
)
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


async def test_one_step_recorded_by_many_at_once_is_recorded_once(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    steps = f"{URL}/{platform['id']}/steps"
    run = (await registry.get(steps)).json()
    asked = {"step": "letter_of_intent", "done_on": "2024-06-01"}
    answers = await asyncio.gather(
        *[registry.post(steps, json=asked, headers=EVERYWHERE | tag_of(run)) for _ in range(12)]
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 11}
    assert await fetch(registry, "SELECT count(*) FROM process_run_steps") == [(1,)]
    assert await fetch(registry, "SELECT version FROM bodies") == [(2,)]


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


async def test_a_meeting_is_held_or_cancelled_and_never_both(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    [meeting] = await plan(registry, platform)
    path, seen = f"{URL}/{platform['id']}/meetings/{meeting['id']}", tag_of(meeting)
    holding = [registry.post(f"{path}/hold", json={"held_on": "2024-04-01"}, headers=seen) for _ in range(5)]
    calling_off = [registry.post(f"{path}/cancel", json={"reason": "kworum"}, headers=seen) for _ in range(5)]
    answers = await asyncio.gather(*[one for pair in zip(holding, calling_off, strict=True) for one in pair])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}


async def test_nobody_is_delegated_by_a_team_that_is_being_dissolved(registry: httpx.AsyncClient) -> None:
    platform, team = await found(registry, PLATFORM), await found(registry, TEAM)
    end = {"dissolved_on": "2025-01-01", "reason": "koniec"}
    dissolving = registry.post(f"{URL}/{team['id']}/dissolve", json=end, headers=tag_of(team))
    seating = [ask_to_seat(registry, platform, TEAM, delegating_body_id=team["id"]) for _ in range(6)]
    *seated, dissolved = await asyncio.gather(*seating, dissolving)
    assert dissolved.status_code == 200
    assert {answer.status_code for answer in seated} <= {201, 422}
    assert (await composition(registry, platform, "?as_of=2025-01-01"))["members"] == 0


async def test_the_list_is_had_as_a_file(registry: httpx.AsyncClient) -> None:
    made = await found(registry, PLATFORM)
    text = (await registry.get(f"{URL}?format=csv")).text
    [row] = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    assert (row["id"], row["process"], row["state"]) == (made["id"], "rpwp_formation", "")
    assert (await registry.get(f"{URL}?format=xlsx")).content[:2] == b"PK"
    assert (await registry.get(f"{URL}?format=ndjson")).json()["id"] == made["id"]
