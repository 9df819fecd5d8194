"""What tests read of a running platform, and that it succeeds."""

from typing import Any

import httpx


async def read(client: httpx.AsyncClient, path: str, service: str = "registry", **sent: Any) -> Any:
    answer = await client.get(f"/v1/{service}/{path}", **sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def items(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await read(client, path))["items"]
    return found


async def count(client: httpx.AsyncClient, headers: dict[str, str], **query: str) -> int:
    told = await read(client, "screenings", "screening", params=query, headers=headers | {"prefer": "count=exact"})
    return int(told["total"])


async def called_successfully(client: httpx.AsyncClient, target: str, headers: dict[str, str]) -> httpx.Response:
    answer = await client.get(target, headers=headers)
    assert answer.status_code == 200, (target, answer.text)
    drawn = answer.headers["content-type"] in {"image/svg+xml", "application/pdf"}
    assert drawn or answer.json().get("items") != [], target
    return answer
