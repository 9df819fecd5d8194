"""A client of one service, with a token."""

import asyncio
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import httpx

from onebox.failures import Failure

POLL_SECONDS = 0.1
JOB_SECONDS = 120
UNDER_WAY = {"queued", "running"}
_KEYS = uuid.UUID("01980000-0000-7000-8000-00000000de00")

Made = dict[str, Any]


class Api:
    """Reads, creates and changes. A refused request raises a Failure.

    `resumes`: a change that is sent again is made only once. This is for loads that may be
    broken off, and never send two equal changes to one path.
    """

    def __init__(
        self, client: httpx.AsyncClient, token: str, service: str = "registry", *, resumes: bool = False
    ) -> None:
        self._client = client
        self._resumes = resumes
        self._headers = {"Authorization": f"Bearer {token}"}
        self._root = f"/v1/{service}"

    async def knows(self, path: str) -> bool:
        """Whether there is a resource at this path."""
        answer = await self._client.get(f"{self._root}/{path}", headers=self._headers)
        # Any other error is a Failure: only 404 means that there is none.
        return answer.status_code != httpx.codes.NOT_FOUND and _accepted(answer).is_success

    async def read(self, path: str, **query: Any) -> Made:
        """The resource at this path."""
        return _json(await self._client.get(f"{self._root}/{path}", params=query, headers=self._headers))

    async def first(self, path: str, **query: Any) -> Made | None:
        """The first item of a list; None when it is empty."""
        items = (await self.read(path, limit=1, **query))["items"]
        return items[0] if items else None

    async def rows(self, path: str, **query: Any) -> list[Made]:
        """All items of a list, however long it is."""
        params = {**query, "format": "ndjson"}
        answer = await self._client.get(f"{self._root}/{path}", params=params, headers=self._headers)
        return [json.loads(line) for line in _accepted(answer).content.splitlines()]

    async def create(self, path: str, content: Mapping[str, Any]) -> Made:
        """Create a resource. The same content is created once, however often it is sent."""
        key = str(uuid.uuid5(_KEYS, path + json.dumps(content, sort_keys=True)))
        headers = self._headers | {"Idempotency-Key": key}
        return _json(await self._client.post(f"{self._root}/{path}", json=content, headers=headers))

    async def judge(self, path: str, items: Sequence[Mapping[str, Any]]) -> None:
        """Send a batch whose items are judged one by one; raises a Failure when one is refused."""
        for result in (await self.create(path, {"items": items}))["items"]:
            if result["problem"]:
                raise Failure(f"The demo data was refused: {path} {json.dumps(result['problem'])[:500]}")

    async def change(self, path: str, content: Mapping[str, Any] | None, record: Made, *, method: str = "POST") -> Made:
        """Send a change of a record, in the version that was read; returns the answer."""
        return _json(await self._change(path, content, record, method))

    async def run(self, path: str, record: Made, what: str) -> None:
        """Start a job for a record, and wait until it has succeeded."""
        await self._wait_for_job(await self._change(path, None, record), what)

    async def _change(
        self, path: str, content: Mapping[str, Any] | None, record: Made, method: str = "POST"
    ) -> httpx.Response:
        # Without the version: a resumed load may have read a later one.
        key = uuid.uuid5(_KEYS, f"{method} {path} {json.dumps(content, sort_keys=True)}")
        headers = self._headers | {
            "If-Match": f'"{record["id"]}:{record["version"]}"',
            "Idempotency-Key": str(key if self._resumes else uuid.uuid4()),
        }
        return await self._client.request(method, f"{self._root}/{path}", json=content, headers=headers)

    async def send(self, path: str, content: bytes, kind: str) -> Made:
        """Send a file; returns the record that it belongs to."""
        headers = self._headers | {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}
        return _json(await self._client.post(f"{self._root}/{path}", content=content, headers=headers))

    async def take_steps(self, owner: str, steps: Iterable[tuple[str, str]]) -> None:
        """Record these steps of a site or a body, with their days."""
        run = await self.read(f"{owner}/steps")
        for code, day in steps:
            run = await self.change(f"{owner}/steps", {"step": code, "done_on": day}, run)

    async def import_file(self, address: str, content: bytes, what: str, kind: str = "text/csv") -> None:
        """Send a file and wait until it is imported."""
        key = str(uuid.uuid5(_KEYS, address))
        headers = self._headers | {"Content-Type": kind, "Idempotency-Key": key}
        await self._wait_for_job(await self._client.post(address, content=content, headers=headers), what)

    async def rest(self) -> None:
        """Wait until no job that the caller can see is queued or running."""
        async with asyncio.timeout(JOB_SECONDS):
            jobs = await self.read("jobs", limit=100)
            while any(job["state"] in UNDER_WAY for job in jobs["items"]):
                await asyncio.sleep(POLL_SECONDS)
                jobs = await self.read("jobs", limit=100)

    async def _wait_for_job(self, answer: httpx.Response, what: str) -> None:
        job = _json(answer)
        async with asyncio.timeout(JOB_SECONDS):
            while job["state"] in UNDER_WAY:
                await asyncio.sleep(POLL_SECONDS)
                job = _json(await self._client.get(answer.headers["Location"], headers=self._headers))
        if job["state"] != "succeeded":
            raise Failure(f"The demo could not load its {what}: {job['state']}")
        if refused := (job.get("result") or {}).get("rejected"):
            problems = await self._client.get(f"{answer.headers['Location']}/problems", headers=self._headers)
            why = "; ".join(problems.text.splitlines()[:3])
            raise Failure(f"The demo could not load all of its {what}: {refused} rows were refused: {why}")


def _accepted(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise Failure(f"The demo data was refused: {answer.request.url.path} {answer.status_code} {answer.text[:500]}")
    return answer


def _json(answer: httpx.Response) -> Made:
    content: Made = _accepted(answer).json()
    return content
