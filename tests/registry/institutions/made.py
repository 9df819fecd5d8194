"""Institutions, as tests of them look for them."""

from typing import Any

import httpx

URL = "/v1/registry/institutions"


async def found(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(URL, params=query)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]
