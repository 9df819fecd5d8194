"""An upload at the door: what is refused before a job is made of it."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from services.chassis.transfer import uploads
from tests.chassis import depot
from tests.chassis.conftest import Admin
from tests.chassis.goods_files import HEADER, IMPORTS, csv_headers
from tests.support.problems import assert_problem


@pytest.mark.parametrize(
    ("media_type", "file"),
    [("text/plain", b"x"), ("application/json", b"{}"), ("text/csv", b"PK\x03\x04"), ("text/csv", b"%PDF-1.7"),
     (uploads.XLSX, b"Code;Name\n"), ("application/x-ndjson", b"\x89PNG")],
)  # fmt: skip
async def test_a_file_of_another_kind_is_refused_at_the_door(
    idle_depot: httpx.AsyncClient, admin: Admin, media_type: str, file: bytes
) -> None:
    headers = csv_headers() | {"content-type": media_type}
    assert_problem(await idle_depot.post(IMPORTS, content=file, headers=headers), 415, "unsupported-media-type")
    assert await admin.fetchval("SELECT count(*) FROM jobs") == 0


async def test_an_import_needs_an_idempotency_key(idle_depot: httpx.AsyncClient) -> None:
    answer = await idle_depot.post(IMPORTS, content=b"Code;Name\n", headers={"content-type": "text/csv"})
    assert_problem(answer, 400, "missing-idempotency-key")


async def test_an_upload_that_is_broken_off_leaves_nothing(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    arriving: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": b"x" * 1_500_000, "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[int] = []

    async def receive() -> MutableMapping[str, Any]:
        return arriving.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    request = idle_depot.build_request("POST", IMPORTS, headers=csv_headers())
    headers = [(name.lower(), value) for name, value in request.headers.raw if name.lower() != b"content-length"]
    scope = {"type": "http", "method": "POST", "path": IMPORTS, "raw_path": IMPORTS.encode(), "query_string": b"",
             "headers": headers, "http_version": "1.1", "scheme": "http", "server": ("registry", 80),
             "client": ("127.0.0.1", 1), "root_path": ""}  # fmt: skip
    await depot.app(scope, receive, send)
    assert answered == [408]
    assert [await admin.fetchval(f"SELECT count(*) FROM {name}") for name in ("jobs", "job_files", "pgqueuer")] == [
        0,
        0,
        0,
    ]


async def test_twenty_identical_uploads_make_one_job(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    file = HEADER.encode() + b"A1;Anvil;;1\n" * 100_000
    posts = [idle_depot.post(IMPORTS, content=file, headers=csv_headers("one-key")) for _ in range(20)]
    posted = await asyncio.gather(*[asyncio.create_task(post) for post in posts])
    assert await admin.fetchval("SELECT count(*) FROM jobs") == 1
    assert {answer.status_code for answer in posted} <= {202, 409, 503}
    accepted = [answer for answer in posted if answer.status_code == 202]
    assert len({answer.text for answer in accepted}) == 1
    again = await idle_depot.post(IMPORTS, content=file, headers=csv_headers("one-key"))
    assert (again.status_code, again.headers["idempotency-replayed"]) == (202, "true")
    assert again.text == accepted[0].text
    other = await idle_depot.post(IMPORTS, content=file + b"B2;Bolt;;\n", headers=csv_headers("one-key"))
    assert_problem(other, 422, "idempotency-key-reused")


async def test_few_uploads_at_a_time_hold_a_connection(idle_depot: httpx.AsyncClient) -> None:
    depot.app.state.uploads = uploads.UPLOADS_AT_ONCE
    answer = await idle_depot.post(IMPORTS, content=b"Code;Name\n", headers=csv_headers())
    depot.app.state.uploads = 0
    assert_problem(answer, 503, "overloaded")
    assert answer.headers["retry-after"] == "5"
