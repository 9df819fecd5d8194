"""XLSX by the libraries alone, in a process of its own: `write CSV`, `read FILE`; prints the seconds it took.

Only the work itself is timed, not the start of the process or the preparation of the rows.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

NUMBERS = {"version", "latitude", "longitude", "places", "enrolled", "stage", "age_months", "instrument_version"}


def write_workbook(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows to a workbook in constant memory."""
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - reading does not need it

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            for index, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, index, cell)
                elif cell is not None:
                    sheet.write_number(number, index, cell)


def read_workbook(path: Path) -> int:
    """Read all rows; returns their number."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    return sum(1 for _ in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())


def _rows(file: Path) -> tuple[list[str], list[list[Any]]]:
    """The header and the rows of a CSV file for the workbook: numbers as floats, empty cells as None."""
    with file.open(newline="", encoding="utf-8") as lines:
        header, *rows = csv.reader(lines)
    kinds = [float if name in NUMBERS else str for name in header]
    return header, [[kind(cell) if cell else None for kind, cell in zip(kinds, row, strict=True)] for row in rows]


def _main(verb: str, file: Path) -> float:
    if verb == "read":
        started = time.perf_counter()
        read_workbook(file)
        return time.perf_counter() - started
    header, rows = _rows(file)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        write_workbook(Path(folder) / "rows.xlsx", header, rows)
        return time.perf_counter() - started


if __name__ == "__main__":
    sys.stdout.write(f"{_main(sys.argv[1], Path(sys.argv[2]))}\n")
