"""Twenty people at once want the same place."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.records import add_territory, fetch

URL = "/v1/registry/appointments"


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    racing_registry.headers.update(call_as("programme_manager"))
    return racing_registry


async def stand(client: httpx.AsyncClient, programme: str) -> str:
    body = {"name": "Miejsce", "county_terc": "2469"}
    return str((await client.post(f"/v1/registry/programmes/{programme}/sites", json=body)).json()["id"])


def coordinator(site: str, number: int, **facts: Any) -> dict[str, Any]:
    role = "cross_sector_support_coordinator"
    return {"role": role, "site_id": site, "subject": f"person-{number}", "held_from": "2026-01-01"} | facts


async def test_of_twenty_kwm_appointed_at_once_one_is(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "MWM")
    answers = await asyncio.gather(*[registry.post(URL, json=coordinator(site, n)) for n in range(20)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert await fetch(registry, "SELECT count(*) FROM appointments") == [(1,)]
    kinds = await fetch(registry, "SELECT count(*) FROM events WHERE type = 'registry.appointment.created'")
    assert kinds == [(1,)]


async def test_of_twenty_kwm_whose_times_overlap_none_shares_a_day_with_another(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "MWM")
    times = [{"held_from": f"2026-{1 + n // 2:02d}-01", "held_to": f"2026-{2 + n // 2:02d}-15"} for n in range(20)]
    asked = [coordinator(site, n, **time) for n, time in enumerate(times)]
    answers = await asyncio.gather(*[registry.post(URL, json=body) for body in asked])
    assert {answer.status_code for answer in answers} == {201, 409}
    overlapping = (
        "SELECT count(*) FROM appointments a JOIN appointments b ON a.id < b.id"
        " AND a.held_from < b.held_to AND b.held_from < a.held_to"
    )
    assert await fetch(registry, overlapping) == [(0,)]


async def test_of_twenty_animators_appointed_at_once_two_are(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "TMW")
    facts = {"role": "animator", "contract": "employment"}
    answers = await asyncio.gather(*[registry.post(URL, json=coordinator(site, n, **facts)) for n in range(20)])
    assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 18}


async def test_the_successor_comes_when_the_end_is_recorded_and_not_before(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "MWM")
    first = await registry.post(URL, json=coordinator(site, 0))
    end, tag = {"held_to": "2026-06-01", "reason": "x"}, {"if-match": first.headers["etag"]}
    ending = [registry.post(f"{first.headers['location']}/end", json=end, headers=tag) for _ in range(5)]
    successors = [registry.post(URL, json=coordinator(site, n, held_from="2026-06-01")) for n in range(1, 6)]
    answers = await asyncio.gather(*ending, *successors)
    assert Counter(answer.status_code for answer in answers[:5]) == {200: 1, 412: 4}
    assert Counter(answer.status_code for answer in answers[5:])[201] <= 1


async def test_appointments_of_own_counties_are_had_as_a_file(registry: httpx.AsyncClient) -> None:
    await registry.post(URL, json=coordinator(await stand(registry, "MWM"), 0))
    stranger = call_as("county_coordinator", counties=["2401"])
    lines = (await registry.get(f"{URL}?format=csv&fields=role_code,programme_code,subject")).text.splitlines()
    assert lines == ["role_code,programme_code,subject", "KWM,MWM,person-0"]
    assert len((await registry.get(f"{URL}?format=csv", headers=stranger)).text.splitlines()) == 1
