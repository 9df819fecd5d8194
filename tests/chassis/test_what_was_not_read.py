"""What was not read of a file is named: by line and column, as the spreadsheet numbers them."""

import io
import json
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from services.chassis.transfer.uploads import XLSX
from tests.chassis.conftest import Admin, take
from tests.chassis.goods_files import stored

Told = tuple[int, int | None, str, str, str]


async def told(client: httpx.AsyncClient, job: dict[str, Any]) -> list[Told]:
    """Line, column, pointer, code and severity of whatever a job tells of its file."""
    lines = (await client.get(f"/v1/depot/jobs/{job['id']}/problems")).text.splitlines()
    names = ("line", "column", "pointer", "code", "severity")
    return [tuple(row[name] for name in names) for row in map(json.loads, lines)]


def saved(book: Any) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


async def test_a_column_that_nobody_knows_is_a_warning_with_its_place(depot_client: httpx.AsyncClient) -> None:
    job = await take(depot_client, "Goods;;;\nCode;Name;Remark;Pieces\nA1;Anvil;not read;7\n")
    assert (job["result"]["created"], job["result"]["problems"], job["result"]["warnings"]) == (1, 0, 1)
    assert await told(depot_client, job) == [(2, 3, "", "unknown_column", "warning")]


async def test_a_column_without_a_heading_is_named_once_where_its_first_value_stands(
    depot_client: httpx.AsyncClient,
) -> None:
    job = await take(depot_client, "Code;Name;;\nA1;Anvil;;\nB2;Bolt;;spare\nC3;Cog;;spare\n")
    assert await told(depot_client, job) == [(3, 4, "", "column_without_heading", "warning")]


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param([["Code", "Name", "Counted", None], [None, None, "Pieces", "Remarks"]], id="required above"),
        pytest.param([["Code", "Goods", None, None], [None, "Name", "Pieces", "Remarks"]], id="required in both rows"),
        pytest.param([["Goods", None, None, "Remarks"], ["Code", "Name", "Pieces", None]], id="required below"),
    ],
)
async def test_a_heading_on_two_merged_rows_is_read_as_one(
    depot_client: httpx.AsyncClient, admin: Admin, heading: list[list[str | None]]
) -> None:
    book = openpyxl.Workbook()
    for row in (*heading, ["A1", "Anvil", 7, "heavy"], ["B2", None, 8, None]):
        book.active.append(row)
    job = await take(depot_client, saved(book), XLSX)
    assert await stored(admin) == [("A1", "Anvil", "heavy", 7)]
    assert await told(depot_client, job) == [(4, 2, "/name", "missing", "error")]


async def test_lines_and_columns_are_those_of_the_spreadsheet_wherever_the_table_begins(
    depot_client: httpx.AsyncClient,
) -> None:
    book = openpyxl.Workbook()
    cells = {"C4": "Code", "D4": "Name", "E4": "Colour", "C5": "A1", "D5": "Anvil", "C7": "B2", "E7": "blue"}
    for place, value in cells.items():
        book.active[place] = value
    job = await take(depot_client, saved(book), XLSX)
    assert job["result"]["created"] == 1
    assert await told(depot_client, job) == [
        (4, 5, "", "unknown_column", "warning"),
        (7, 4, "/name", "missing", "error"),
    ]


async def test_a_line_that_names_the_separator_is_not_counted_as_excel_does_not_show_it(
    depot_client: httpx.AsyncClient,
) -> None:
    job = await take(depot_client, "sep=;\nCode;Name\nA1;\n")
    assert await told(depot_client, job) == [(2, 2, "/name", "missing", "error")]


async def test_an_error_or_a_formula_without_a_result_is_no_empty_cell(
    depot_client: httpx.AsyncClient, admin: Admin
) -> None:
    book = openpyxl.Workbook()
    rows = [["Code", "Name", "Remarks", "Pieces"], ["A1", "Anvil", "#N/A", 1], ["B2", "Bolt", None, "=1+1"]]
    for row in [*rows, ["C3", "Cog", "# 3", 3], ["D4", "Drill", "#N/D!", 4]]:
        book.active.append(row)
    book.active["C2"].data_type = "e"
    job = await take(depot_client, saved(book), XLSX)
    assert await told(depot_client, job) == [
        (2, 3, "/note", "cell_in_error", "error"),
        (3, 4, "/pieces", "formula_not_calculated", "error"),
        (5, 3, "/note", "cell_in_error", "error"),
    ]
    assert await stored(admin) == [("C3", "Cog", "# 3", 3)]


async def test_a_zero_that_a_program_wrote_for_a_formula_is_no_result(depot_client: httpx.AsyncClient) -> None:
    """xlsxwriter computes nothing, writes 0 and asks whoever opens the file to calculate."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Code", "Name", "Pieces"])
        sheet.write_row(1, 0, ["A1", "Anvil"])
        sheet.write_formula(1, 2, "=1+1")
    job = await take(depot_client, written.getvalue(), XLSX)
    assert await told(depot_client, job) == [(2, 3, "/pieces", "formula_not_calculated", "error")]


@pytest.mark.parametrize("error", ["#N/A", "#ARG!", "#DZIEL/0!", "Err:502", "Błąd:502", "########"])
async def test_an_error_in_csv_is_no_text(depot_client: httpx.AsyncClient, error: str) -> None:
    job = await take(depot_client, f"Code;Name;Remarks\nA1;Anvil;{error}\n")
    assert await told(depot_client, job) == [(2, 3, "/note", "cell_in_error", "error")]


async def test_a_hidden_sheet_is_passed_over_and_a_second_one_named(
    depot_client: httpx.AsyncClient, admin: Admin
) -> None:
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    book.active.append(["Code", "Name"])
    book.active.append(["H1", "hidden"])
    for code in ("A1", "B2"):
        sheet = book.create_sheet(code)
        for row in (["Code", "Name"], [code, "Anvil"]):
            sheet.append(row)
    book.create_sheet("empty")
    job = await take(depot_client, saved(book), XLSX)
    assert await told(depot_client, job) == [(1, None, "", "sheet_not_read", "warning")]
    assert await stored(admin) == [("A1", "Anvil", None, None)]


async def test_members_of_json_are_called_as_columns_and_unknown_ones_named(
    depot_client: httpx.AsyncClient, admin: Admin
) -> None:
    lines = ['{"Code": "A1", "Name": "Anvil", "Remark": "x"}', '{"code": "B2", "name": "Bolt", "Remark": "y"}']
    job = await take(depot_client, "\n".join(lines), "application/x-ndjson")
    assert await told(depot_client, job) == [(1, 3, "", "unknown_column", "warning")]
    assert await stored(admin) == [("A1", "Anvil", None, None), ("B2", "Bolt", None, None)]
