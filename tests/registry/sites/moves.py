"""Sites that stand, step, decide and sign, by the API."""

from typing import Any

import httpx

from tests.registry.agreements.stories import signed
from tests.support.callers import call_as

URL = "/v1/registry"
MANAGER = call_as("programme_manager")
COORDINATOR = call_as("county_coordinator")
EDITOR = call_as("registry_editor")
Facts = dict[str, Any]


async def stand(client: httpx.AsyncClient, programme: str, **facts: Any) -> Facts:
    body = {"name": "Miejsce", "county_terc": "2469"} | facts
    answer = await client.post(f"{URL}/programmes/{programme}/sites", json=body)
    assert answer.status_code == 201, answer.text
    made: Facts = answer.json()
    return made


async def conclude(client: httpx.AsyncClient, kind: str, **facts: Any) -> str:
    """An agreement of county 2469, signed on the first day of 2026: its address, as steps name it."""
    who = client.headers["authorization"]
    client.headers.update(EDITOR)
    path = await signed(client, kind=kind, **facts)
    client.headers["authorization"] = who
    return path.removeprefix(f"{URL}/")


async def step(client: httpx.AsyncClient, site: Facts, code: str, **facts: Any) -> httpx.Response:
    path = f"{URL}/sites/{site['id']}/steps"
    seen = await client.get(path)
    tag = {"if-match": seen.headers.get("etag", '"x:1"')}
    return await client.post(path, json={"step": code, "done_on": "2026-01-10"} | facts, headers=tag)


async def decide(client: httpx.AsyncClient, site: Facts, **facts: Any) -> httpx.Response:
    body = {"spheres": [3, 1], "decided_on": "2026-01-10"} | facts
    return await client.post(f"{URL}/sites/{site['id']}/scope-decisions", json=body)


async def sign(client: httpx.AsyncClient, decision: Facts, party: str, who: dict[str, str]) -> httpx.Response:
    decisions = f"{URL}/sites/{decision['site_id']}/scope-decisions"
    rows = (await client.get(decisions)).json()["items"]
    version = next(row["version"] for row in rows if row["id"] == decision["id"])
    tag = {"if-match": f'"{decision["id"]}:{version}"'}
    return await client.post(f"{decisions}/{decision['id']}/sign-for-{party}", headers=who | tag)
