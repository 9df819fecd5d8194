"""Documents and their versions as evidence, through the API."""

import hashlib
import uuid
from typing import Any

import httpx
import pytest

from tests.registry.sites.moves import stand, step
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, fetch

URL = "/v1/registry/documents"
MANAGER = call_as("programme_manager", counties=["*"])
COORDINATOR = call_as("county_coordinator")
ELSEWHERE = call_as("county_coordinator", counties=["0619"])
PDF = b"%PDF-1.7\n" + b"diagnoza " * 60_000
ADOPTION = {"adopted_on": "2026-01-05", "adopted_by": "Zarząd Powiatu, uchwała 41/2026"}


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(COORDINATOR)


async def send(client: httpx.AsyncClient, path: str, content: bytes, kind: str = "application/pdf") -> httpx.Response:
    headers = {"content-type": kind, "idempotency-key": str(uuid.uuid4())}
    return await client.post(f"{path}/file", content=content, headers=headers)


async def location(client: httpx.AsyncClient) -> dict[str, Any]:
    """A location of the test, which the manager lets stand."""
    client.headers.update(MANAGER)
    site = await stand(client, "TMW")
    client.headers.update(COORDINATOR)
    return site


async def begin(client: httpx.AsyncClient, site: dict[str, Any], kind: str = "local_diagnosis") -> str:
    made = await client.post(URL, json={"kind": kind, "title": "Diagnoza", "site_id": site["id"]})
    assert made.status_code == 201, made.text
    return str(made.headers["location"])


async def draft(client: httpx.AsyncClient, document: str) -> httpx.Response:
    answer = await client.post(f"{document}/versions", json={"authors": ["Zespół Synergii Lokalnej"]})
    assert answer.status_code == 201, answer.text
    return answer


async def adopted(client: httpx.AsyncClient, document: str, **facts: str) -> dict[str, Any]:
    path = (await draft(client, document)).headers["location"]
    tag = {"if-match": (await send(client, path, PDF)).headers["etag"]}
    answer = await client.post(f"{path}/adopt", json=ADOPTION | facts, headers=tag)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_diagnosis_of_a_location_is_adopted_with_its_file_and_shows_the_step_source_002(
    registry: httpx.AsyncClient,
) -> None:
    site = await location(registry)
    document = await begin(registry, site)
    path = (made := await draft(registry, document)).headers["location"]
    early = await registry.post(f"{path}/adopt", json=ADOPTION, headers={"if-match": made.headers["etag"]})
    assert assert_problem(early, 409, "document-file-missing")["missing"] == ["file"]
    named = {"document_version_id": made.json()["id"], "done_on": "2026-01-10"}
    refused = await step(registry, site, "diagnosis", **named)
    assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "not_adopted"
    kept = await send(registry, path, PDF)
    assert (kept.json()["sha256"], kept.json()["size"]) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    valid = await registry.post(f"{path}/adopt", json=ADOPTION, headers={"if-match": kept.headers["etag"]})
    assert (valid.json()["state"], valid.json()["valid_from"]) == ("adopted", "2026-01-05")
    done = await step(registry, site, "diagnosis", **named)
    assert done.status_code == 200, done.text
    assert done.json()["steps"][0]["document_version_id"] == made.json()["id"]
    file = await registry.get(f"{path}/file")
    assert (file.content, file.headers["etag"]) == (PDF, f'"{hashlib.sha256(PDF).hexdigest()}"')
    assert file.headers["content-disposition"].startswith("attachment;")
    told = await fetch(registry, "SELECT type FROM events WHERE type LIKE 'registry.document.%' ORDER BY id")
    assert [event.type.rpartition(".")[2] for event in told] == ["created", "version-added", "file-kept", "adopted"]


async def test_a_draft_is_shown_to_its_county_alone_and_what_is_adopted_to_everybody(
    registry: httpx.AsyncClient,
) -> None:
    site = await location(registry)
    document = await begin(registry, site)
    first = await adopted(registry, document)
    path = (await draft(registry, document)).headers["location"]
    await send(registry, path, PDF)
    for about in ("", "/file"):
        assert (await registry.get(f"{path}{about}")).status_code == 200
        hidden = await registry.get(f"{path}{about}", headers=ELSEWHERE)
        assert_problem(hidden, 404, "document-version-not-found")
    listed = (await registry.get(f"{document}/versions", headers=ELSEWHERE)).json()["items"]
    assert [item["id"] for item in listed] == [first["id"]]
    tag = {"if-match": (await registry.get(path)).headers["etag"]}
    late = ADOPTION | {"adopted_on": "2026-02-01", "valid_from": "2026-03-01"}
    assert (await registry.post(f"{path}/adopt", json=late, headers=tag)).status_code == 200
    states = [item["state"] for item in (await registry.get(f"{document}/versions")).json()["items"]]
    assert states == ["adopted", "superseded"]
    assert (await registry.get(document)).json()["adopted_number"] == 2


async def test_a_file_is_what_it_says_and_is_kept_once(registry: httpx.AsyncClient) -> None:
    document = await begin(registry, await location(registry))
    path = (await draft(registry, document)).headers["location"]
    assert_problem(await send(registry, path, b"PK\x03\x04"), 415, "unsupported-media-type")
    assert_problem(await send(registry, path, b"%PDF-1.7 <script>"), 422, "validation-failed")
    assert_problem(await registry.get(f"{path}/file"), 404, "document-file-not-found")
    assert (await send(registry, path, PDF)).status_code == 201
    assert_problem(await send(registry, path, PDF), 409, "document-file-already-kept")


async def test_a_document_of_a_programme_is_no_countys(registry: httpx.AsyncClient) -> None:
    standard = {"kind": "standard", "title": "Standard organizacji wsparcia", "programme_code": "MWM"}
    assert_problem(await registry.post(URL, json=standard), 403, "outside-scope")
    made = await registry.post(URL, json=standard, headers=MANAGER)
    assert (made.status_code, made.json()["county_terc"]) == (201, None)
    unknown = await registry.post(URL, json=standard | {"programme_code": "NONE"}, headers=MANAGER)
    assert_problem(unknown, 422, "unknown-reference")
    assert len((await registry.get(f"{URL}?programme_code=MWM&adopted=false")).json()["items"]) == 1
