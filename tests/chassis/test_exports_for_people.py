"""Lists as files that people open in a Polish Excel: commas, words, local time, codes as they are."""

import io
from datetime import datetime

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest

from services.chassis.transfer.files import read_csv
from tests.chassis import depot
from tests.chassis.conftest import Admin
from tests.chassis.test_exports import GOODS, order_for


async def test_a_polish_excel_finds_commas_words_local_time_and_codes_as_they_are(
    idle_depot: httpx.AsyncClient, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depot.app.state, "headings", {"code": "Kod", "weight": "Masa; w kg"}, raising=False)
    await admin.execute(
        "INSERT INTO goods VALUES ('0219', '12/2020', '=1+1', -1.50, 7, true, '2026-07-02 03:04:05+02'),"
        " ('1E5', 'nr 5', '12345678512347', NULL, NULL, false, NULL)"
    )
    answer = await idle_depot.get(GOODS, params={"format": "csv", "dialect": "excel-pl"})
    head, first, second = answer.content.decode("utf-8-sig").splitlines()
    assert head == 'Kod (code);name;note;"Masa; w kg (weight)";pieces;fragile;seen_at'
    assert first == '"=""0219""";"=""12/2020""";\'=1+1;-1,50;7;tak;2026-07-02 03:04:05'
    assert second == '"=""1E5""";nr 5;"=""12345678512347""";;;nie;'
    # As our own imports read it again: by the code behind the heading, without the armour.
    read = [cells for _, cells in read_csv(answer.content, order_for(answer.content))]
    assert read[0] == {"code": "0219", "name": "12/2020", "note": "=1+1"}


async def test_a_workbook_for_people_has_a_named_sheet_typed_cells_and_a_heading_that_stays(
    idle_depot: httpx.AsyncClient, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depot.app.state, "headings", {"code": "Kod", "goods": "Towary"}, raising=False)
    await admin.execute("INSERT INTO goods VALUES ('0219', 'a', NULL, 1.5, 7, true, '2026-07-02 03:04:05+02')")
    for dialect, name, head, hour, shown in (
        ({"dialect": "excel-pl"}, "Towary", "Kod (code)", 3, "yyyy-mm-dd hh:mm:ss"),
        ({}, "goods", "code", 1, 'yyyy-mm-dd hh:mm:ss "UTC"'),
    ):
        answer = await idle_depot.get(GOODS, params={"format": "xlsx"} | dialect)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == (name, "A2", "A1:G2")
        assert (sheet["A1"].value, sheet["A1"].font.b) == (head, True)
        row = [cell.value for cell in sheet[2]]
        assert row == ["0219", "a", None, 1.5, 7, True, datetime(2026, 7, 2, hour, 4, 5)]  # noqa: DTZ001
        assert sheet["G2"].number_format == shown
