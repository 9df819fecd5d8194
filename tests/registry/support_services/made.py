"""Support services, as tests of them offer and look for them."""

from typing import Any

import httpx

URL = "/v1/registry/support-services"
OFFER = {"name": "Wczesne wspomaganie", "kind": "therapeutic"}


async def offer(client: httpx.AsyncClient, institution: dict[str, Any], **facts: Any) -> dict[str, Any]:
    answer = await client.post(URL, json=OFFER | {"institution_id": institution["id"]} | facts)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def names(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]
