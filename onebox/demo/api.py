"""The registry as somebody with a token uses it."""

import asyncio
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import httpx

from onebox.failures import Failure

REGISTRY = "/v1/registry"
POLL_SECONDS = 0.1
IMPORT_SECONDS = 60
_KEYS = uuid.UUID("01980000-0000-7000-8000-00000000de00")

Made = dict[str, Any]


class Api:
    """Reads, creates and changes. What is refused raises a Failure."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    async def knows(self, path: str) -> bool:
        """Whether there is something at this path."""
        return (await self._client.get(f"{REGISTRY}/{path}", headers=self._headers)).is_success

    async def read(self, path: str, **query: Any) -> Made:
        """What is at this path."""
        return _json(await self._client.get(f"{REGISTRY}/{path}", params=query, headers=self._headers))

    async def first(self, path: str, **query: Any) -> Made | None:
        """The first of a list; None when it is empty."""
        found = (await self.read(path, limit=1, **query))["items"]
        return found[0] if found else None

    async def create(self, path: str, content: Mapping[str, Any]) -> Made:
        """Create something. The same content is created once, however often it is sent."""
        key = str(uuid.uuid5(_KEYS, path + json.dumps(content, sort_keys=True)))
        headers = self._headers | {"Idempotency-Key": key}
        return _json(await self._client.post(f"{REGISTRY}/{path}", json=content, headers=headers))

    async def change(self, path: str, content: Mapping[str, Any] | None, seen: Made) -> Made:
        """Do something to what was seen in this version."""
        headers = self._headers | {
            "If-Match": f'"{seen["id"]}:{seen["version"]}"',
            "Idempotency-Key": str(uuid.uuid4()),
        }
        return _json(await self._client.post(f"{REGISTRY}/{path}", json=content, headers=headers))

    async def take_steps(self, owner: str, steps: Iterable[tuple[str, str]]) -> None:
        """Record these steps of a site or a body, with their days."""
        run = await self.read(f"{owner}/steps")
        for code, day in steps:
            run = await self.change(f"{owner}/steps", {"step": code, "done_on": day}, run)

    async def import_file(self, address: str, content: bytes, what: str) -> None:
        """Send a CSV file and wait until it is imported."""
        key = str(uuid.uuid5(_KEYS, address))
        headers = self._headers | {"Content-Type": "text/csv", "Idempotency-Key": key}
        answer = await self._client.post(address, content=content, headers=headers)
        job = _json(answer)
        async with asyncio.timeout(IMPORT_SECONDS):
            while job["state"] in {"queued", "running"}:
                await asyncio.sleep(POLL_SECONDS)
                job = _json(await self._client.get(answer.headers["Location"], headers=self._headers))
        if job["state"] != "succeeded":
            raise Failure(f"The demo's {what} were not imported: {job['state']}")


def _json(answer: httpx.Response) -> Made:
    if not answer.is_success:
        raise Failure(f"The demo data was refused: {answer.request.url.path} {answer.status_code} {answer.text[:500]}")
    content: Made = answer.json()
    return content
