"""Files of rows: taken whole or in part, reported by line, the same twice, refused by name and place."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest

from services.chassis.transfer import uploads
from tests.chassis import depot
from tests.chassis.conftest import Admin, ask, finished, take
from tests.support.problems import assert_problem

IMPORTS = "/v1/depot/goods-imports"
HEADER = "Code;Name;Remarks;Pieces\n"


def csv_headers(key: str = "key") -> dict[str, str]:
    return {"content-type": "text/csv", "idempotency-key": key}


def workbook(rows: list[list[Any]]) -> bytes:
    """An XLSX file with these rows."""
    book, written = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def changed_archive(extra: dict[str, bytes]) -> bytes:
    """A good workbook with entries added or replaced."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["Code", "Name"], ["A1", "Anvil"]]))) as good:
        kept = {name: good.read(name) for name in good.namelist()}
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (kept | extra).items():
            archive.writestr(name, content)
    return written.getvalue()


async def stored(admin: Admin) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await admin.fetch("SELECT code, name, note, pieces FROM goods ORDER BY code")]


async def test_good_rows_are_taken_and_bad_ones_told_by_line(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    file = HEADER + 'A1;Anvil;"two\nlines";3\n??;Bolt;;\nC3;;;\nA1;Again;;\nE5;Edge;x;many\nF6;short\n;;;\n'
    job = await take(depot_client, file)
    assert job["result"] == {
        "rows": 7, "created": 1, "changed": 0, "unchanged": 0, "rejected": 6, "problems": 6, "dry_run": False
    }  # fmt: skip
    assert await stored(admin) == [("A1", "Anvil", "two\nlines", 3)]
    answer = await depot_client.get(f"/v1/depot/jobs/{job['id']}/problems", headers={"accept-language": "en"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [(row["line"], row["pointer"], row["code"]) for row in told] == [
        (4, "/code", "wrong_format"),
        (5, "/name", "missing"),
        (6, "/code", "repeated_in_file"),
        (7, "/pieces", "wrong_type"),
        (8, "", "wrong_number_of_cells"),
        (9, "/code", "wrong_format"),
    ]
    assert told[0]["detail"] == "does not have the documented format"


async def test_a_second_run_of_the_same_file_changes_nothing(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    file = HEADER + "A1;Anvil;;1\nB2;Bolt;;2\n"
    counts = [(await take(depot_client, file))["result"] for _ in range(2)]
    assert [(count["created"], count["changed"], count["unchanged"]) for count in counts] == [(2, 0, 0), (0, 0, 2)]
    changed = await take(depot_client, file.replace("Bolt", "Belt"))
    assert (changed["result"]["changed"], changed["result"]["unchanged"]) == (1, 1)
    assert await stored(admin) == [("A1", "Anvil", None, 1), ("B2", "Belt", None, 2)]


def many_rows(end: str = "") -> str:
    """Rows that are merged in three parts: every hundredth is bad, the last but one repeats the first."""
    rows = [f"{'??' if n % 100 == 0 else f'A{n}'};Anvil;;{n}\n" for n in range(1, 2_501)]
    return HEADER + "".join(rows) + "A1;Again;;\n" + end


async def test_a_file_merged_in_parts_is_counted_and_told_as_one(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    job = await take(depot_client, many_rows())
    expected = {"rows": 2_501, "created": 2_475, "changed": 0, "unchanged": 0, "rejected": 26}
    assert {name: job["result"][name] for name in expected} == expected
    assert await admin.fetchval("SELECT count(*) FROM goods") == 2_475
    again = await take(depot_client, many_rows())
    assert (again["result"]["created"], again["result"]["unchanged"], again["result"]["rejected"]) == (0, 2_475, 26)
    told = await depot_client.get(f"/v1/depot/jobs/{again['id']}/problems")
    assert [json.loads(line)["line"] for line in told.text.splitlines()] == [*range(101, 2_502, 100), 2_502]


async def test_a_fault_in_the_last_part_takes_back_the_first(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    job = await take(depot_client, many_rows(end='"open;\n'))
    assert (job["state"], job["problem"]["code"]) == ("failed", "file_refused")
    assert await stored(admin) == []


async def test_a_dry_run_tells_what_would_be_and_writes_nothing(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    job = await take(depot_client, HEADER + "A1;Anvil;;1\nB2;;;\n", dry_run="true")
    assert (job["state"], job["result"]["created"], job["result"]["rejected"]) == ("succeeded", 1, 1)
    assert (await depot_client.get(f"/v1/depot/jobs/{job['id']}/problems")).text.count("\n") == 1
    assert await stored(admin) == []


async def test_no_part_of_the_file_outlives_its_job(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    filler = "".join(f"A{number};{'x' * 900};;\n" for number in range(3_000))
    location = await ask(depot_client, HEADER + filler)
    assert (await finished(depot_client, location))["result"]["created"] == 3_000
    assert await admin.fetchval("SELECT count(*) FROM job_files") == 0


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(b"Code;Name;Pieces\nA1;\xc5\x82;7\n", id="UTF-8"),
        pytest.param(b"\xef\xbb\xbfPieces,NAME , code\r\n7,\xc5\x82,A1\r\n", id="BOM, commas, other order"),
        pytest.param(b'Code\tName\tPieces\n="A1"\t\xc5\x82\t"=""7"""\n', id="tabs, armoured cells"),
        pytest.param(b"Code|Name|Pieces|Other\nA1|\xb3|7|?\n", id="cp1250"),
        pytest.param(b"Goods of 2026;;\n;;\nCode;Name;Pieces\nA1;\xc5\x82;7\n", id="titles above"),
    ],
)
async def test_csv_is_read_as_people_write_it(depot_client: httpx.AsyncClient, admin: Admin, file: bytes) -> None:
    assert (await take(depot_client, file))["result"]["created"] == 1
    assert await stored(admin) == [("A1", "ł", None, 7)]


async def test_a_workbook_is_read_by_the_names_of_its_columns(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    book = workbook([["Goods"], ["Name", "Code", "Pieces"], ["Anvil", "A1", 7], [None, None, None], ["Bolt", "?", 8]])
    job = await take(depot_client, book, uploads.XLSX)
    assert (job["result"]["created"], job["result"]["rejected"]) == (1, 1)
    assert await stored(admin) == [("A1", "Anvil", None, 7)]
    assert '"line": 5' in (await depot_client.get(f"/v1/depot/jobs/{job['id']}/problems")).text


async def test_ndjson_is_read_a_line_at_a_time(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    lines = [
        '{"code": "A1", "name": "Anvil", "pieces": 7, "note": null}', "", "{broken", "[1]", '{"code": {"deep": 1}}',
        '{"code": "A2", "code": "A3"}', '{"code": "A4", "name": "\\ud800"}', '{"code": "A5", "name": "\\u0000"}',
        '{"code": NaN}',
    ]  # fmt: skip
    job = await take(depot_client, "\n".join(lines), "application/x-ndjson")
    told = (await depot_client.get(f"/v1/depot/jobs/{job['id']}/problems")).text.splitlines()
    assert [(row["line"], row["code"]) for row in map(json.loads, told)] == [
        (3, "malformed_json"), (4, "malformed_json"), (5, "malformed_json"), (6, "malformed_json"),
        (7, "malformed_json"), (8, "not_allowed_character"), (9, "malformed_json"),
    ]  # fmt: skip
    assert await stored(admin) == [("A1", "Anvil", None, 7)]


BROKEN = [
    pytest.param("text/csv", "Code;Name\nA1;Ł\n".encode("utf-16"), "wrong_encoding", 1, 1, id="UTF-16"),
    pytest.param("text/csv", b"Code;Name\nA1;\xc5\x82\nB2;\xb3\n", "wrong_encoding", 3, 2, id="UTF-8, then not"),
    pytest.param("text/csv", b"Code;Name\nA1;\x81\n", "wrong_encoding", 2, 2, id="neither"),
    pytest.param("text/csv", b"Kode;Name\nA1;x\n", "header_missing", 1, 1, id="column missing"),
    pytest.param("text/csv", b"Code;Name;code\n", "header_repeated", 1, 3, id="column twice"),
    pytest.param("text/csv", b"Code;" * 1_001 + b"\n", "too_many_columns", 1, 1_000, id="1,001 columns"),
    pytest.param("text/csv", b"Code;Name\nA1;" + b"x" * 10_000_000, "line_too_long", 2, 1, id="10 MB line"),
    pytest.param("text/csv", b"Code;Name\nA1;x\nB2;a\0b\n", "nul_character", 3, 2, id="NUL"),
    pytest.param("text/csv", b'Code;Name\nA1;x\nB2;"open\nC3;x\n', "unbalanced_quotes", 3, 2, id="quote left open"),
    pytest.param("text/csv", b'Code;Name\n"A1"x;y\n', "unbalanced_quotes", 2, 1, id="text after a quote"),
    pytest.param("text/csv", b"Code;Name\n" + b"A1;x\n" * 5_001, "too_many_rows", 5_002, 1, id="too many rows"),
    pytest.param(uploads.XLSX, b"PK\x03\x04 but nothing more", "not_a_workbook", 1, 1, id="no archive"),
    pytest.param(uploads.XLSX, changed_archive({"xl/workbook.xml": b"<no"}), "not_a_workbook", 1, 1, id="no XML"),
    pytest.param(uploads.XLSX, changed_archive({"xl/vbaProject.bin": b"x"}), "active_content", 1, 1, id="macros"),
    pytest.param(
        uploads.XLSX, changed_archive({"xl/externalLinks/externalLink1.xml": b"x"}), "active_content", 1, 1, id="link"
    ),
    pytest.param(
        uploads.XLSX, changed_archive({"xl/embeddings/oleObject1.bin": b"x"}), "active_content", 1, 1, id="object"
    ),
    pytest.param(
        uploads.XLSX,
        changed_archive({"xl/sharedStrings.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        *("active_content", 1, 1),
        id="DTD",
    ),
    pytest.param(uploads.XLSX, changed_archive({"../../etc/cron": b"x"}), "unsafe_entry", 1, 1, id="zip slip"),
    pytest.param(
        uploads.XLSX, changed_archive({"xl/media/a.xml": b"0" * 50_000_000}), "too_large", 1, 1, id="zip bomb"
    ),
    pytest.param(
        uploads.XLSX, changed_archive({f"x/{n}": b"" for n in range(2_001)}), "too_large", 1, 1, id="2,001 entries"
    ),
    pytest.param(uploads.XLSX, workbook([["Name"], ["x"]]), "header_missing", 1, 1, id="no column in the workbook"),
]


@pytest.mark.parametrize(("media_type", "file", "reason", "row", "column"), BROKEN)
async def test_a_broken_file_is_refused_by_reason_and_place(
    depot_client: httpx.AsyncClient, admin: Admin, media_type: str, file: bytes, reason: str, row: int, column: int
) -> None:
    job = await take(depot_client, file, media_type)
    assert (job["state"], job["result"]) == ("failed", None)
    problem = job["problem"]
    assert [problem["code"], problem["reason"], problem["row"], problem["column"]] == [
        "file_refused",
        reason,
        row,
        column,
    ]
    assert problem["detail"] != "jest niepoprawne"
    assert await stored(admin) == []
    assert await admin.fetchval("SELECT count(*) FROM job_files") == 0


async def test_a_refusal_names_the_column_that_is_missing(depot_client: httpx.AsyncClient) -> None:
    problem = (await take(depot_client, "Code;Mane\n"))["problem"]
    assert problem["missing"] == ["name"]


async def test_a_sheet_too_large_for_the_parser_is_refused(depot_client: httpx.AsyncClient) -> None:
    """Two cells at the far corners: a dense table of them would take 400 GB."""
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Code</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    job = await take(depot_client, changed_archive({"xl/worksheets/sheet1.xml": sheet}), uploads.XLSX)
    assert (job["state"], job["problem"]["reason"]) == ("failed", "too_complex")


async def test_a_fault_in_the_rule_is_ours_and_quotes_nothing(
    depot_client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    job = await take(depot_client, "Code;Name\nBUG;a secret\n")
    assert job["problem"]["code"] == "internal"
    assert "a secret" not in json.dumps(job)
    assert "a secret" not in capsys.readouterr().out


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


async def test_a_file_too_large_is_refused_declared_or_not(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    limit = depot.app.state.settings.max_upload_bytes = 2_000_000

    async def undeclared() -> AsyncIterator[bytes]:
        for _ in range(limit // 1_000 + 1):
            yield b"x" * 1_000

    for content in (b"x" * (limit + 1), undeclared()):
        answer = await idle_depot.post(IMPORTS, content=content, headers=csv_headers())
        assert_problem(answer, 413, "content-too-large")
    depot.app.state.settings.max_upload_bytes = 67_108_864
    assert await admin.fetchval("SELECT count(*) FROM job_files") == 0


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
