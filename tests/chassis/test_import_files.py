"""Files of an import as people write them: CSV, workbooks, NDJSON, and broken ones."""

import io
import json
import zipfile
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest

from services.chassis.transfer import uploads
from tests.chassis.conftest import Admin, take
from tests.chassis.goods_files import stored


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
    assert (problem["missing"], problem["headings"]) == (["name"], ["Name"])


async def test_a_sheet_too_large_for_the_parser_is_refused(depot_client: httpx.AsyncClient) -> None:
    """Two cells at the far corners: a dense table of them would take 400 GB."""
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Code</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    job = await take(depot_client, changed_archive({"xl/worksheets/sheet1.xml": sheet}), uploads.XLSX)
    assert (job["state"], job["problem"]["reason"]) == ("failed", "too_complex")
