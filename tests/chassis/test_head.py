"""HEAD is answered wherever GET is: same status, same headers, no body, and nothing that is waited for."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.serving.server import GuardedProtocol
from tests.chassis import depot
from tests.chassis.conftest import Admin, take
from tests.gateway.fakes import read_answer, request_bytes, serving, speak
from tests.support.callers import call_as

OF_ONE_ANSWER = {"traceparent", "date"}
LINES = "Code;Name;Remarks;Pieces\nA1;Anvil;;3\n??;;;\n"


def lasting(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OF_ONE_ANSWER}


@pytest.fixture
async def job(depot_client: httpx.AsyncClient) -> str:
    return f"/v1/depot/jobs/{(await take(depot_client, LINES))['id']}"


@pytest.mark.parametrize("ending", ["", "/problems", "/events", "/nothing"])
async def test_head_has_the_status_and_the_headers_of_get(
    depot_client: httpx.AsyncClient, job: str, ending: str
) -> None:
    got, asked = await depot_client.get(job + ending), await depot_client.head(job + ending)
    assert (asked.status_code, lasting(asked), asked.content) == (got.status_code, lasting(got), b"")


@pytest.mark.parametrize(
    "target",
    [
        "/v1/depot/jobs",
        "/v1/depot/jobs?limit=x",
        "/v1/depot/events",
        "/v1/depot/goods?format=csv",
        "/livez",
        "/openapi.json",
        "/nowhere",
    ],
)
async def test_head_is_as_get_on_lists_files_and_refusals(idle_depot: httpx.AsyncClient, target: str) -> None:
    got, asked = await idle_depot.get(target), await idle_depot.head(target)
    assert (asked.status_code, lasting(asked), asked.content) == (got.status_code, lasting(got), b"")


async def test_head_has_the_etag_and_answers_304_to_it(depot_client: httpx.AsyncClient, job: str) -> None:
    etag = (await depot_client.get(job)).headers["etag"]
    asked = await depot_client.head(job)
    again = await depot_client.head(job, headers={"if-none-match": etag})
    assert (asked.headers["etag"], again.status_code, again.headers["etag"]) == (etag, 304, etag)


async def test_head_demands_what_get_demands(idle_depot: httpx.AsyncClient) -> None:
    assert (await idle_depot.head("/v1/depot/goods", headers=call_as("guardian"))).status_code == 403
    assert (await idle_depot.head("/v1/depot/goods", headers={"authorization": ""})).status_code == 401


async def test_a_refused_method_is_told_of_head_where_get_is_taken(idle_depot: httpx.AsyncClient) -> None:
    assert (await idle_depot.put("/v1/depot/goods")).headers["allow"] == "GET, HEAD"
    refused = await idle_depot.head("/v1/depot/goods-imports")
    assert (refused.status_code, refused.headers["allow"], refused.content) == (405, "POST", b"")


async def test_head_waits_neither_for_events_nor_for_a_job(idle_depot: httpx.AsyncClient) -> None:
    location = (await idle_depot.post("/v1/depot/goods-counts", headers={"idempotency-key": "a"})).headers["location"]
    async with asyncio.timeout(10):
        assert (await idle_depot.head("/v1/depot/events?wait=30")).status_code == 200
        watched = await idle_depot.head(f"{location}/events")
    assert (watched.status_code, watched.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


@pytest.fixture
async def port(idle_depot: httpx.AsyncClient) -> AsyncIterator[int]:
    async with serving(depot.app, http=GuardedProtocol) as port:
        yield port


async def test_a_long_file_is_not_made_for_head(port: int, admin: Admin) -> None:
    await admin.execute(
        "INSERT INTO goods (code, name) SELECT n::text, repeat('x', 300) FROM generate_series(1, 20000) n"
    )
    token = call_as("registry_editor")["authorization"]
    raw = await speak(port, request_bytes("/v1/depot/goods", f"Authorization: {token}", method="HEAD"))
    assert (read_answer(raw).status, read_answer(raw).body) == (200, b"")
