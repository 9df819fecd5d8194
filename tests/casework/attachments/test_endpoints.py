"""Attachments: kept without what they tell beside, sealed, and served so that nothing in them runs."""

import json
import uuid
from collections.abc import AsyncIterator, MutableMapping
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.casework.attachments.made import PIXELS, SECRET, active_pdf, jpeg, pdf, png
from tests.casework.documents.made import DOCUMENTS, erase, recorded, restrict
from tests.casework.people.test_endpoints import rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
NAME = "attachment; filename*=UTF-8''Orzeczenie%20%C5%BB%C3%B3%C5%82kiewska.pdf"


async def sent(
    client: httpx.AsyncClient, document: dict[str, Any], content: Any, kind: str, **headers: str
) -> httpx.Response:
    """The answer to a file."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    given = {"content-type": kind, "idempotency-key": str(uuid.uuid4()), **named}
    return await client.post(f"{DOCUMENTS}/{document['id']}/attachments", content=content, headers=given)


async def kept(client: httpx.AsyncClient) -> int:
    """How many files the database keeps."""
    return int((await rows(client, "SELECT count(*) FROM attachments"))[0][0])


@pytest.mark.parametrize(
    ("content", "kind", "ending"), [(pdf(), PDF, "pdf"), (png(), PNG, "png"), (jpeg(), JPEG, "jpg")]
)
async def test_a_file_is_kept_without_its_metadata_and_served_harmless(
    casework: httpx.AsyncClient, content: bytes, kind: str, ending: str
) -> None:
    document = await recorded(casework)
    answer = await sent(casework, document, content, kind, content_disposition=NAME)
    assert answer.status_code == 201, answer.text
    attachment = answer.json()
    assert (attachment["title"], attachment["media_type"]) == ("Orzeczenie Żółkiewska.pdf", kind)
    file = await casework.get(answer.headers["location"])
    assert len(file.content) == attachment["size"]
    assert SECRET.encode() not in file.content
    assert file.headers["content-type"] == kind
    assert file.headers["content-disposition"] == f'attachment; filename="{attachment["id"]}.{ending}"'
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"].startswith("sandbox")
    assert file.headers["cache-control"] == "no-store"
    listed = await casework.get(f"{DOCUMENTS}/{document['id']}/attachments")
    assert listed.json() == {"items": [attachment], "next_cursor": None}
    if kind != PDF:
        assert Image.open(BytesIO(file.content)).size == PIXELS


async def test_nothing_of_a_file_or_its_name_stands_in_the_database_or_the_log(
    casework: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    document = await recorded(casework)
    answer = await sent(casework, document, png(), PNG, content_disposition=NAME)
    file = (await casework.get(answer.headers["location"])).content
    tables = ("attachments", "audit_records", "events", "idempotency_keys")
    found = [await rows(casework, f"SELECT CAST(t AS text) FROM {name} AS t") for name in tables]
    text = json.dumps([row[0] for each in found for row in each])
    assert answer.json()["id"] in text
    for secret in (b"Orzeczenie", b"kiewska", SECRET.encode(), b"IDAT", file[:40]):
        assert secret.decode("latin-1") not in text
        assert secret.hex() not in text
    printed = capsys.readouterr()
    assert "Orzeczenie" not in printed.out + printed.err


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(), PDF),
        (pdf(), PNG),
        (b"\n" + pdf(), PDF),
        (b"<svg/>", "image/svg+xml"),
        (b"<html>", "text/html"),
        (b"PK\x03\x04", "application/zip"),
        (b"x", ""),
    ],
)
async def test_a_file_of_another_kind_is_refused(casework: httpx.AsyncClient, content: bytes, kind: str) -> None:
    document = await recorded(casework)
    answer = await sent(casework, document, content, kind)
    problem = assert_problem(answer, 415, "unsupported-media-type")
    assert problem["accepted"] == [PDF, PNG, JPEG]
    assert await kept(casework) == 0


def zipped(content: bytes) -> bytes:
    """A file with an empty archive at its end."""
    return content + b"PK\x05\x06" + bytes(18)


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (zipped(pdf()), PDF, "several_kinds"),
        (zipped(jpeg()), JPEG, "several_kinds"),
        (b"%PDF-1.7\n<html>" + pdf(), PDF, "several_kinds"),
        (active_pdf("opening"), PDF, "active_content"),
        (pdf(user="x", owner="y"), PDF, "encrypted"),
        (b"%PDF-1.7\nnothing", PDF, "damaged"),
        (png()[:60], PNG, "damaged"),
        (b"", PNG, "missing"),
    ],
)
async def test_a_file_that_cannot_be_kept_is_named_and_leaves_nothing(
    casework: httpx.AsyncClient, content: bytes, kind: str, code: str
) -> None:
    document = await recorded(casework)
    problem = assert_problem(await sent(casework, document, content, kind), 422, "validation-failed")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [("", code)]
    assert await kept(casework) == 0


async def test_a_file_too_large_is_refused_declared_or_not(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework)
    limit = app_of(casework).state.settings.max_attachment_bytes

    async def undeclared() -> AsyncIterator[bytes]:
        for _ in range(limit // 65_536 + 1):
            yield b"\x89PNG" * 16_384

    for content in (bytes(limit + 1), undeclared()):
        problem = assert_problem(await sent(casework, document, content, PNG), 413, "content-too-large")
        assert problem["limit_bytes"] == limit
    assert await kept(casework) == 0


async def test_a_name_that_shows_otherwise_than_it_is_is_refused(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework)
    for name in ("%E2%80%AEfdp.exe", "a%0Ab", "x" * 301):
        answer = await sent(casework, document, png(), PNG, content_disposition=f"attachment; filename*=UTF-8''{name}")
        assert assert_problem(answer, 422, "validation-failed")["errors"][0]["pointer"] == "/title"
    nameless = await sent(casework, document, png(), PNG)
    assert nameless.json()["title"] is None


async def test_a_file_sent_twice_is_kept_once_and_needs_a_key(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework)
    first, second = [await sent(casework, document, png(), PNG, idempotency_key="one") for _ in range(2)]
    assert second.json() == first.json()
    other = await sent(casework, document, jpeg(), JPEG, idempotency_key="one")
    assert_problem(other, 422, "idempotency-key-reused")
    keyless = await casework.post(
        f"{DOCUMENTS}/{document['id']}/attachments", content=png(), headers={"content-type": PNG}
    )
    assert_problem(keyless, 400, "missing-idempotency-key")
    assert await kept(casework) == 1


async def test_an_upload_that_is_broken_off_leaves_nothing(racing_casework: httpx.AsyncClient) -> None:
    document = await recorded(racing_casework)
    path = f"{DOCUMENTS}/{document['id']}/attachments"
    arriving: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": png(), "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[int] = []

    async def receive() -> MutableMapping[str, Any]:
        return arriving.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    headers = {"content-type": PNG, "idempotency-key": "broken"}
    request = racing_casework.build_request("POST", path, headers=headers)
    raw = [(name.lower(), value) for name, value in request.headers.raw if name.lower() != b"content-length"]
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": raw,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("casework", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }
    await app_of(racing_casework)(scope, receive, send)
    assert answered == [408]
    assert await kept(racing_casework) == 0
    [keys] = await rows(racing_casework, "SELECT count(*) FROM idempotency_keys WHERE key = 'broken'")
    assert keys[0] == 0


async def test_a_file_is_found_under_its_own_document_only(casework: httpx.AsyncClient) -> None:
    first, second = await recorded(casework), await recorded(casework)
    attachment = (await sent(casework, first, png(), PNG)).json()
    path = f"{DOCUMENTS}/{second['id']}/attachments/{attachment['id']}"
    assert_problem(await casework.get(path), 404, "attachment-not-found")


async def test_a_file_of_another_county_is_not_there(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework)
    answer = await sent(casework, document, png(), PNG)
    stranger = call_as("county_coordinator", counties=["2401"], subject="stranger")
    assert_problem(await casework.get(answer.headers["location"], headers=stranger), 404, "document-not-found")
    refused = await sent(casework, document, png(), PNG, **stranger)
    assert_problem(refused, 404, "document-not-found")


async def test_a_look_at_a_file_is_noted(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework)
    answer = await sent(casework, document, png(), PNG)
    await casework.get(answer.headers["location"])
    await casework.get(f"{DOCUMENTS}/{document['id']}/attachments")
    looks = await rows(casework, "SELECT action, detail FROM audit_records WHERE detail ? 'category' ORDER BY id")
    assert [look["action"] for look in looks] == ["get_attachment", "list_attachments"]
    assert {tuple(look["detail"]["people"]) for look in looks} == {(document["person_id"],)}


async def test_files_of_an_erased_child_are_gone_and_of_a_restricted_one_none_is_added(
    casework: httpx.AsyncClient,
) -> None:
    document = await recorded(casework)
    answer = await sent(casework, document, png(), PNG)
    await restrict(casework, document["person_id"])
    assert_problem(await sent(casework, document, png(), PNG), 423, "processing-restricted")
    await erase(casework, document["person_id"])
    assert_problem(await casework.get(answer.headers["location"]), 410, "erased")
    assert_problem(await casework.get(f"{DOCUMENTS}/{document['id']}/attachments"), 410, "erased")
