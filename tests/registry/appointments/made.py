"""Sites, bodies and appointments, as tests of them need them."""

from typing import Any

import httpx

URL = "/v1/registry/appointments"
REGISTRY = "/v1/registry"
KWM = {"role": "cross_sector_support_coordinator", "subject": "person-1", "held_from": "2026-01-01"}
ANIMATOR = {"role": "animator", "subject": "person-1", "contract": "employment", "held_from": "2026-01-01"}
Facts = dict[str, Any]


async def stand(client: httpx.AsyncClient, programme: str = "MWM", **facts: Any) -> Facts:
    body = {"name": "Miejsce", "county_terc": "2469"} | facts
    answer = await client.post(f"{REGISTRY}/programmes/{programme}/sites", json=body)
    assert answer.status_code == 201, answer.text
    made: Facts = answer.json()
    return made


async def appoint(client: httpx.AsyncClient, site: Facts, body: Facts, **facts: Any) -> httpx.Response:
    return await client.post(URL, json=body | {"site_id": site["id"]} | facts)


async def end(client: httpx.AsyncClient, made: Facts, day: str) -> httpx.Response:
    tag = {"if-match": f'"{made["id"]}:{made["version"]}"'}
    body = {"held_to": day, "reason": "zmiana pracy"}
    return await client.post(f"{URL}/{made['id']}/end", json=body, headers=tag)
