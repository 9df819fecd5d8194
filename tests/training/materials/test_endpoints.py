"""Materials and their files, through the API."""

import hashlib
import uuid
from typing import Any

import httpx
import pytest

from tests.support.asks import Made
from tests.support.problems import assert_problem
from tests.support.records import app_of, fetch
from tests.training.materials.asks import FILE, PDF, material
from tests.training.programme_versions.stories import agreed, draft, found, moved, proposed

URL = "/v1/training/materials"
LARGE = b"%PDF-1.7\n" + bytes(range(256)) * 3_000


async def added(client: httpx.AsyncClient, version: Made, *modules: str, **facts: Any) -> Made:
    """A material of these modules."""
    answer = await client.post(URL, json=material(version["programme"], version["number"], *modules, **facts))
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    return made


async def sent(client: httpx.AsyncClient, made: Made, content: bytes, kind: str = PDF) -> httpx.Response:
    """The answer to a file."""
    headers = {"content-type": kind, "idempotency-key": str(uuid.uuid4())}
    return await client.post(f"{URL}/{made['id']}/file", content=content, headers=headers)


async def test_a_file_is_kept_in_parts_and_served_as_it_was_sent(training: httpx.AsyncClient) -> None:
    made = await added(training, await proposed(training, await found(training)), "M1", "M2")
    assert (made["modules"], made["number"], made["sha256"]) == (["M1", "M2"], 1, None)
    assert_problem(await training.get(f"{URL}/{made['id']}/file"), 404, "material-file-not-found")
    answer = await sent(training, made, LARGE)
    assert (answer.status_code, answer.headers["location"]) == (201, f"{URL}/{made['id']}/file")
    digest = hashlib.sha256(LARGE).hexdigest()
    kept = answer.json()
    assert (kept["sha256"], kept["size"], kept["media_type"], kept["version"]) == (digest, len(LARGE), PDF, 2)
    assert await fetch(training, "SELECT max(part), max(length(content)) FROM material_parts") == [(2, 262_144)]
    file = await training.get(answer.headers["location"])
    assert file.content == LARGE
    assert file.headers["content-type"] == PDF
    assert file.headers["content-disposition"] == 'attachment; filename="HANDBOOK-1.pdf"'
    assert file.headers["content-security-policy"].startswith("sandbox")
    assert file.headers["etag"] == f'"{digest}"'
    known = {"if-none-match": file.headers["etag"]}
    again = await training.get(answer.headers["location"], headers=known)
    assert (again.status_code, again.content) == (304, b"")
    head = await training.head(answer.headers["location"])
    assert (head.headers["content-length"], head.content) == (str(len(LARGE)), b"")


async def test_a_material_has_one_file_and_another_is_its_next_version(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    first = await added(training, version, "M1")
    assert (await sent(training, first, FILE)).status_code == 201
    assert_problem(await sent(training, first, FILE), 409, "material-file-already-kept")
    second = await added(training, version, "M1", use="reusable")
    other = await added(training, version, "M1", code="SLIDES", kind="presentation")
    assert (second["number"], other["number"]) == (2, 1)


@pytest.mark.parametrize(
    ("content", "kind", "status", "slug"),
    [
        (b"\x89PNG\r\n\x1a\n", PDF, 415, "unsupported-media-type"),
        (b"PK\x03\x04", "application/zip", 415, "unsupported-media-type"),
        (b"%PDF-1.7\n<html><script>", PDF, 422, "validation-failed"),
        (FILE * 8, PDF, 413, "content-too-large"),
    ],
)
async def test_a_file_that_is_not_what_it_says_or_too_large_leaves_nothing(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, content: bytes, kind: str, status: int, slug: str
) -> None:
    monkeypatch.setattr(app_of(training).state.settings, "max_material_bytes", 100)
    made = await added(training, await proposed(training, await found(training)), "M1")
    assert_problem(await sent(training, made, content, kind), status, slug)
    assert await fetch(training, "SELECT count(*) FROM material_parts") == [(0,)]


async def test_what_is_for_the_test_alone_belongs_to_its_modules_only_source_002(
    training: httpx.AsyncClient,
) -> None:
    version = await proposed(training, await found(training))
    body = material(version["programme"], 1, "M2", "M1", use="test_only")
    refused = assert_problem(await training.post(URL, json=body), 422, "test-only-material")
    assert [each["pointer"] for each in refused["errors"]] == ["/modules/1"]
    made = await added(training, version, "M2", use="test_only", licence_spdx=None, licence_name="Licencja projektu")
    assert (made["use"], made["licence_name"]) == ("test_only", "Licencja projektu")


async def test_a_module_and_a_licence_have_to_be_known(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    unknown = await training.post(URL, json=material(version["programme"], 1, "M1", "M9"))
    assert assert_problem(unknown, 422, "unknown-reference")["errors"][0]["pointer"] == "/modules/1"
    for licence, code in (("CC-BY-9.0", "not_listed"), (None, "missing")):
        body = material(version["programme"], 1, "M1", licence_spdx=licence)
        refused = assert_problem(await training.post(URL, json=body), 422, "validation-failed")
        assert (refused["errors"][0]["pointer"], refused["errors"][0]["code"]) == ("/licence_spdx", code)


async def test_a_draft_has_no_materials_and_those_of_a_retired_version_stay(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    version = await agreed(training, versions)
    made = await added(training, version, "M1")
    await sent(training, made, FILE)
    retired = await moved(training, version, "retire")
    assert (await training.get(f"{URL}/{made['id']}/file")).content == FILE
    query = f"{URL}?programme={version['programme']}"
    assert [each["id"] for each in (await training.get(f"{query}&module=M1")).json()["items"]] == [made["id"]]
    assert (await training.get(f"{query}&module=M2")).json()["items"] == []
    assert (await training.get(f"{query}&use=test_only")).json()["items"] == []
    for other in (retired, await draft(training, versions)):
        answer = await training.post(URL, json=material(other["programme"], other["number"], "M1"))
        assert assert_problem(answer, 409, "state-conflict")["state"] == other["state"]
