"""Lists as files: complete, harmless, read back as they were, in the format that was asked for."""

import asyncio
import csv
import io
import json
from collections.abc import MutableMapping
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.transfer import exports, uploads
from services.chassis.transfer.files import Order, read_csv
from tests.chassis import depot
from tests.chassis.conftest import Admin, take, until
from tests.support.problems import assert_problem

GOODS = "/v1/depot/goods"
DANGEROUS = ["=1+1", "+48", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]
WANTED = {"code": "code", "name": "name", "note": "note"}


async def store(admin: Admin, *rows: tuple[Any, ...]) -> None:
    await admin.execute("TRUNCATE goods")
    await admin.copy_records_to_table("goods", records=rows, columns=["code", "name", "note", "pieces"])


def order_for(data: bytes) -> Order:
    return Order("csv", len(data), "", WANTED, ["code"], {}, ["utf-8"], 10, 10, 10)


async def test_csv_holds_every_row_as_people_read_it(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    await admin.execute(
        "INSERT INTO goods VALUES ('A1', 'Ą \"x\", y', NULL, -1.50, -2, true, '2026-01-02 03:04:05+01'),"
        " ('B2', '', '', NULL, NULL, NULL, NULL)"
    )
    answer = await idle_depot.get(GOODS, params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="goods-2')
    assert answer.text.splitlines() == [
        "code,name,note,weight,pieces,fragile,seen_at",
        'A1,"Ą ""x"", y",,-1.50,-2,true,2026-01-02T02:04:05+00:00',
        'B2,"","",,,,',
    ]


async def test_a_polish_excel_gets_its_dialect(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    await store(admin, ("A1", "a;b", None, 1))
    answer = await idle_depot.get(GOODS, params={"format": "csv", "dialect": "excel-pl"})
    assert answer.content.startswith(b"\xef\xbb\xbfcode;name;")
    assert b'A1;"a;b";' in answer.content


async def test_ndjson_is_json_on_every_line(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    await store(
        admin, *[(f"A{number}", text, "\\.", number) for number, text in enumerate(["=1", '"\\\n\t', "\x01\x02"])]
    )
    answer = await idle_depot.get(GOODS, headers={"accept": "application/x-ndjson"})
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [(row["name"], row["note"], row["pieces"]) for row in rows] == [
        ("=1", "\\.", 0), ('"\\\n\t', "\\.", 1), ("\x01\x02", "\\.", 2)
    ]  # fmt: skip


async def test_a_workbook_runs_nothing(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    await store(admin, *[(f"A{number:02}", text, None, -number) for number, text in enumerate(DANGEROUS)])
    answer = await idle_depot.get(GOODS, headers={"accept": uploads.XLSX})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]] == ["code", "name", "note", "weight", "pieces", "fragile", "seen_at"]
    rows = list(sheet.iter_rows(min_row=2))
    assert {row[1].data_type for row in rows} == {"s"}
    assert [row[1].value.replace("_x000D_", "\r") for row in rows] == [text.replace("\r", "\r") for text in DANGEROUS]
    assert [row[4].value for row in rows] == [-number for number in range(len(DANGEROUS))]


@pytest.mark.parametrize("text", [*DANGEROUS, "'=1", "''-1"])
async def test_a_cell_that_a_spreadsheet_would_run_is_text_in_csv(
    idle_depot: httpx.AsyncClient, admin: Admin, text: str
) -> None:
    await store(admin, ("A1", text, None, -1))
    answer = await idle_depot.get(GOODS, params={"format": "csv"})
    row = [*csv.reader(io.StringIO(answer.text, newline=""))][1]
    assert (row[1], row[4]) == ("'" + text, "-1")
    assert [cells for _, cells in read_csv(answer.content, order_for(answer.content))] == [
        {"code": "A1", "name": text, "note": ""}
    ]


async def test_harmless_text_stays_as_it_is(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    await store(admin, ("A1", "O'Hara - 'x'", "'quoted", 1))
    assert b"A1,O'Hara - 'x','quoted," in (await idle_depot.get(GOODS, params={"format": "csv"})).content


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1),
            st.text(st.sampled_from("='\"+-@\t\r\n;,| aą\uff1d"), min_size=1),
        ),
        min_size=1,
        max_size=8,
    )
)
@pytest.mark.parametrize("dialect", [{}, {"dialect": "excel-pl"}])
async def test_what_is_exported_is_read_back_as_it_was(
    idle_depot: httpx.AsyncClient, admin: Admin, dialect: dict[str, str], texts: list[tuple[str, str]]
) -> None:
    rows = [(f"A{number}", name, note, number) for number, (name, note) in enumerate(texts)]
    await store(admin, *rows)
    answer = await idle_depot.get(GOODS, params={"format": "csv"} | dialect)
    read = [cells for _, cells in read_csv(answer.content, order_for(answer.content)) if isinstance(cells, dict)]
    assert [(row["code"], row["name"], row["note"]) for row in read] == [row[:3] for row in rows]


async def test_an_export_goes_back_in_by_its_import(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    rows = [(f"A{number:02}", text, text, number) for number, text in enumerate(DANGEROUS)]
    await store(admin, *rows)
    file = (await depot_client.get(GOODS, params={"format": "csv", "dialect": "excel-pl"})).content
    names = {b"code": b"Code", b"name": b"Name", b"note": b"Remarks", b"pieces": b"Pieces"}
    head, _, body = file.partition(b"\n")
    for ours, theirs in names.items():
        head = head.replace(ours, theirs)
    assert (await take(depot_client, head + b"\n" + body))["result"]["unchanged"] == len(rows)


@pytest.mark.parametrize(
    ("accept", "format_", "chosen"),
    [
        ("text/csv", None, "csv"),
        ("application/x-ndjson, text/csv", None, "ndjson"),
        ("text/csv;q=0, application/x-ndjson", None, "ndjson"),
        ("application/x-ndjson;q=0.5, text/csv", None, "csv"),
        ("application/*, text/csv;q=0.000", None, None),
        ("application/json", None, None),
        ("*/*", None, None),
        ("", None, None),
        ("application/json", "xlsx", "xlsx"),
    ],
)
def test_the_format_is_chosen_by_parameter_then_by_accept(accept: str, format_: Any, chosen: str | None) -> None:
    assert exports.chosen_format(accept, format_) == chosen


async def test_a_format_that_there_is_not_is_refused(idle_depot: httpx.AsyncClient) -> None:
    assert_problem(await idle_depot.get(GOODS, headers={"accept": "application/pdf"}), 406, "not-acceptable")
    assert_problem(await idle_depot.get(GOODS, params={"format": "pdf"}), 422, "validation-failed")


async def test_few_exports_at_a_time_hold_a_connection(idle_depot: httpx.AsyncClient) -> None:
    depot.app.state.exports = exports.EXPORTS_AT_ONCE
    answer = await idle_depot.get(GOODS, params={"format": "csv"})
    depot.app.state.exports = 0
    assert_problem(answer, 503, "overloaded")


async def test_a_query_that_fails_is_a_refusal_and_no_file(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    await admin.execute("ALTER TABLE goods RENAME COLUMN note TO remark")
    try:
        answer = await idle_depot.get(GOODS, params={"format": "csv", "dialect": "excel-pl"})
    finally:
        await admin.execute("ALTER TABLE goods RENAME COLUMN remark TO note")
    assert_problem(answer, 500, "internal")


async def test_a_client_that_goes_ends_the_query(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    """The reader takes one piece of 30 MB and leaves."""
    await admin.execute(
        "INSERT INTO goods (code, name) SELECT number::text, repeat('x', 10000) FROM generate_series(1, 3000) AS number"
    )
    begun, leave = asyncio.Event(), asyncio.Event()

    async def receive() -> MutableMapping[str, Any]:
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            begun.set()
            await asyncio.Event().wait()

    request = idle_depot.build_request("GET", GOODS, params={"format": "csv"})
    headers = [(name.lower(), value) for name, value in request.headers.raw]
    scope = {"type": "http", "method": "GET", "path": GOODS, "raw_path": GOODS.encode(), "query_string": b"format=csv",
             "headers": headers, "http_version": "1.1", "scheme": "http", "server": ("registry", 80),
             "client": ("127.0.0.1", 1), "root_path": ""}  # fmt: skip
    serving = asyncio.create_task(depot.app(scope, receive, send))
    await begun.wait()
    copying = "FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY%'"
    await until(admin, f"SELECT count(*) = 1 {copying}")
    leave.set()
    await serving
    await until(admin, f"SELECT count(*) = 0 {copying}")
    assert depot.app.state.exports == 0
