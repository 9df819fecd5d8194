"""An agreement made, joined and signed through the API."""

from typing import Any

import httpx

from tests.registry.agreements.asks import AGREEMENT, PARTIES, TEXT

URL = "/v1/registry/agreements"
Facts = dict[str, Any]


async def draw_up(client: httpx.AsyncClient, **facts: Any) -> str:
    """The address of a draft."""
    answer = await client.post(URL, json=AGREEMENT | {"county_terc": "2469"} | facts)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def seen(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    """The condition that nobody has changed it since now."""
    return {"if-match": (await client.get(path)).headers["etag"]}


async def join(client: httpx.AsyncClient, path: str, **facts: Any) -> httpx.Response:
    return await client.post(f"{path}/signatories", json=PARTIES[0] | facts)


async def sign(client: httpx.AsyncClient, path: str, day: str = "2026-01-01") -> httpx.Response:
    return await client.post(f"{path}/sign", json={"signed_on": day}, headers=await seen(client, path))


async def signed(client: httpx.AsyncClient, **facts: Any) -> str:
    """The address of an agreement of two parties, signed on the first day of 2026."""
    path = await draw_up(client, **facts)
    for party in PARTIES:
        assert (await join(client, path, **party)).status_code == 201
    assert (await client.post(f"{path}/versions", json=TEXT)).status_code == 201
    answer = await sign(client, path)
    assert answer.status_code == 200, answer.text
    return path


async def titles(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]
