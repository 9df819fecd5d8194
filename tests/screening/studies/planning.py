"""Studies planned, run and given a criterion through the API."""

import uuid
from typing import Any

import httpx

from tests.screening.studies.population import Facts, definition
from tests.screening.studies.records import INSTRUMENT, STUDY
from tests.support.callers import call_as

URL = "/v1/screening/studies"


async def publish(client: httpx.AsyncClient, code: str = "PROBA", document: Facts | None = None) -> None:
    """The made-up instrument. What migrations fill is not emptied after a test, so it may be there already."""
    manager = call_as(scope="screening:write", counties=["*"], institution=None)
    if (await client.get(f"/v1/screening/instruments/{code}/versions/1", headers=manager)).is_success:
        return

    async def make(path: str, body: Facts, **headers: str) -> httpx.Response:
        key = {"idempotency-key": str(uuid.uuid4())}
        answer = await client.post(f"/v1/screening/instruments{path}", json=body, headers=manager | key | headers)
        assert answer.is_success, answer.text
        return answer

    await make("", INSTRUMENT | {"code": code})
    version = await make(f"/{code}/versions", document or definition())
    await make(f"/{code}/versions/1/publish", {}, **{"if-match": version.headers["etag"]})


async def plan(client: httpx.AsyncClient, **facts: Any) -> str:
    """The address of a study."""
    answer = await client.post(URL, json=STUDY | facts)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def seen(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    return {"if-match": (await client.get(path)).headers["etag"]}


async def run(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.post(f"{path}/run", headers=await seen(client, path))


async def ended(client: httpx.AsyncClient, answer: httpx.Response) -> Facts:
    """The job, when it has ended."""
    assert answer.status_code == 202, answer.text
    async with client.stream("GET", f"{answer.headers['location']}/events") as events:
        async for _ in events.aiter_lines():
            pass
    job: Facts = (await client.get(answer.headers["location"])).json()
    return job


def criteria(rows: list[Facts]) -> bytes:
    lines = [f"{one['subject']},{one['criterion']}" for one in rows if one["criterion"]]
    return "\n".join(["subject_ref,outcome", *lines, ""]).encode()
