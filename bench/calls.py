"""Single calls of the public API, made one by one before and after a measurement."""

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
    """A client of one service with a token."""

    client: httpx.AsyncClient
    service: str

    async def post(self, path: str, body: Mapping[str, Any], record: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer to a POST. With a `record` the request names its version in If-Match."""
        tag = {} if record is None else {"If-Match": f'"{record["id"]}:{record["version"]}"'}
        answer = await self.client.post(f"/v1/{self.service}{path}", json=body, headers=tag)
        return _json(answer)

    async def get(self, path: str) -> dict[str, Any]:
        """The answer to a GET."""
        return _json(await self.client.get(f"/v1/{self.service}{path}"))

    async def lines(self, path: str) -> list[str]:
        """The lines of a text."""
        answer = await self.client.get(f"/v1/{self.service}{path}")
        return answer.raise_for_status().text.splitlines()

    async def send(self, path: str, file: Path, kind: str) -> dict[str, Any]:
        """Send a file and wait for its job; returns the job. ToolFailed unless it succeeds."""
        content = await asyncio.to_thread(file.read_bytes)
        headers = {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}
        return await self._wait_for_job(
            await self.client.post(f"/v1/{self.service}{path}", content=content, headers=headers)
        )

    async def run(self, path: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Start a job on the record and wait for it; returns the job. ToolFailed unless it succeeds."""
        headers = {"If-Match": f'"{record["id"]}:{record["version"]}"'}
        return await self._wait_for_job(await self.client.post(f"/v1/{self.service}{path}", headers=headers))

    async def _wait_for_job(self, answer: httpx.Response) -> dict[str, Any]:
        _json(answer)
        while True:
            job = _json(await self.client.get(answer.headers["location"]))
            if job["state"] in {"failed", "cancelled"}:
                raise ToolFailed(f"a job ended as {job['state']}: {job['problem']}")
            if job["state"] == "succeeded":
                return job
            await asyncio.sleep(POLL_SECONDS)


def _json(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise ToolFailed(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
    content: dict[str, Any] = answer.json()
    return content


@asynccontextmanager
async def calling(service: Service, *roles: str) -> AsyncIterator[Caller]:
    """A client of the service with these roles in every county."""
    headers = service.stand.headers(*roles)
    async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=60) as client:
        yield Caller(client, service.name)
