"""Rows into a workbook, in constant memory; a spreadsheet runs no text of it."""

import io
import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

Kind = Literal["text", "number", "flag", "day", "instant"]
# The most rows below the header, and characters of a cell and of a sheet's name.
MOST_SHEET_ROWS = 1_048_575
LONGEST_CELL = 32_767
LONGEST_NAME = 31
NARROWEST, WIDEST = 12, 40
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_ESCAPED = re.compile(r"\\(.)")
_MEANING = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
# A sheet has no day before this one.
_FIRST_DAY = date(1900, 1, 1)


def write_xlsx() -> None:
    """COPY text rows from standard input to a workbook on standard output.

    Before them comes one JSON line: a folder to work in, the sheet's name, the zone of
    instants (None for UTC, which is then written beside them), each column's heading and
    kind. Text stays text whatever it begins with: no spreadsheet runs it.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - only writing pays for it

    stdin = io.TextIOWrapper(sys.stdin.buffer, "utf-8", newline="\n")
    folder, name, zone, columns = json.loads(stdin.readline())
    path = Path(folder) / "rows.xlsx"
    options = {"constant_memory": True, "tmpdir": folder}
    with xlsxwriter.Workbook(path, options) as workbook:
        sheet = workbook.add_worksheet(_NOT_IN_A_NAME.sub("-", name)[:LONGEST_NAME])
        writers = _writers(workbook, sheet, zone, [kind for _, kind in columns])
        _write_head(workbook, sheet, [heading for heading, _ in columns])
        number = 0
        for number, line in enumerate(stdin, start=1):
            if number > MOST_SHEET_ROWS:
                sys.exit(1)
            for index, cell in enumerate(line[:-1].split("\t")):
                if cell != r"\N":
                    writers[index](number, index, cell)
        sheet.autofilter(0, 0, number, len(columns) - 1)
    with path.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    shutil.rmtree(folder)


def _write_head(workbook: Any, sheet: Any, headings: Sequence[str]) -> None:
    for index, heading in enumerate(headings):
        sheet.set_column(index, index, min(max(len(heading) + 4, NARROWEST), WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, headings, workbook.add_format({"bold": True}))


def _writers(
    workbook: Any, sheet: Any, zone: str | None, kinds: Sequence[Kind]
) -> list[Callable[[int, int, str], Any]]:
    """The functions that write the cells of each column: row, column, COPY text."""
    days = workbook.add_format({"num_format": "yyyy-mm-dd"})
    # A sheet has no zones: an instant shows UTC, or is in the reader's own time.
    number_format = "yyyy-mm-dd hh:mm:ss" if zone else 'yyyy-mm-dd hh:mm:ss "UTC"'
    instants = workbook.add_format({"num_format": number_format})
    local = ZoneInfo(zone or "UTC")

    def write_text(row: int, column: int, cell: str) -> None:
        text = _unescaped(cell) if "\\" in cell else cell
        sheet.write_string(row, column, text[:LONGEST_CELL])

    def write_day(row: int, column: int, cell: str) -> None:
        if (day := _day_of_a_sheet(cell)) is None:
            write_text(row, column, cell)
        else:
            sheet.write_datetime(row, column, day, days)

    def write_instant(row: int, column: int, cell: str) -> None:
        instant = datetime.fromisoformat(cell).astimezone(local).replace(tzinfo=None)
        sheet.write_datetime(row, column, instant, instants)

    writers: dict[Kind, Callable[[int, int, str], Any]] = {
        "text": write_text,
        "number": lambda row, column, cell: sheet.write_number(
            row, column, float(cell)
        ),
        "flag": lambda row, column, cell: sheet.write_boolean(
            row, column, cell == "true"
        ),
        "day": write_day,
        "instant": write_instant,
    }
    return [writers[kind] for kind in kinds]


def _day_of_a_sheet(cell: str) -> date | None:
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        # Outside the years of `date`, for example `infinity`.
        return None
    return day if day >= _FIRST_DAY else None


def _unescaped(cell: str) -> str:
    return _ESCAPED.sub(lambda match: _MEANING.get(match[1], match[1]), cell)


if __name__ == "__main__":
    write_xlsx()
