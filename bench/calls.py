"""Single calls of the public API, as a person makes them before and after what is measured."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.stand import Service
from bench.tools import ToolFailed

POLL_SECONDS = 0.03


@dataclass(frozen=True)
class Caller:
    """Somebody with a token."""

    client: httpx.AsyncClient
    service: str

    async def post(self, path: str, body: Mapping[str, Any], seen: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What was made, or what became of what was seen."""
        tag = {} if seen is None else {"If-Match": f'"{seen["id"]}:{seen["version"]}"'}
        answer = await self.client.post(f"/v1/{self.service}{path}", json=body, headers=tag)
        return _understood(answer)

    async def get(self, path: str) -> dict[str, Any]:
        """What is there."""
        return _understood(await self.client.get(f"/v1/{self.service}{path}"))

    async def lines(self, path: str) -> list[str]:
        """The lines of a text."""
        answer = await self.client.get(f"/v1/{self.service}{path}")
        return answer.raise_for_status().text.splitlines()

    async def send(self, path: str, file: Path, kind: str) -> dict[str, Any]:
        """The job of a file, when it has ended well."""
        content = await asyncio.to_thread(file.read_bytes)
        headers = {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}
        return await self._ended(await self.client.post(f"/v1/{self.service}{path}", content=content, headers=headers))

    async def run(self, path: str, seen: Mapping[str, Any]) -> dict[str, Any]:
        """A job that was asked for, when it has ended well."""
        headers = {"If-Match": f'"{seen["id"]}:{seen["version"]}"'}
        return await self._ended(await self.client.post(f"/v1/{self.service}{path}", headers=headers))

    async def _ended(self, answer: httpx.Response) -> dict[str, Any]:
        _understood(answer)
        while True:
            job = _understood(await self.client.get(answer.headers["location"]))
            if job["state"] in {"failed", "cancelled"}:
                raise ToolFailed(f"a job ended as {job['state']}: {job['problem']}")
            if job["state"] == "succeeded":
                return job
            await asyncio.sleep(POLL_SECONDS)


def _understood(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise ToolFailed(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
    found: dict[str, Any] = answer.json()
    return found


@asynccontextmanager
async def calling(service: Service, *roles: str) -> AsyncIterator[Caller]:
    """Calls of somebody who has these roles in every county."""
    headers = service.stand.headers(*roles)
    async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=60) as client:
        yield Caller(client, service.name)
