"""XLSX by the libraries alone, in a process of its own: `write ROWS`, `read FILE`; prints the seconds it took.

Only the work itself is timed, neither the start of the process nor the making of the rows.
"""

import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

WIDTH = 36


def write_workbook(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows to a workbook in constant memory."""
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - whoever only reads does not pay for it

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            for index, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, index, cell)
                else:
                    sheet.write_number(number, index, cell)


def read_workbook(path: Path) -> int:
    """How many rows there are, once all have been read."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    return sum(1 for _ in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())


def _rows(number: int) -> list[tuple[Any, ...]]:
    texts = [f"Miejscowość {column}" for column in range(WIDTH - 6)]
    return [(*texts, f"Żłobek nr {n}", f"sekretariat{n}@example.org", n, 50.5, 19.25, n % 200) for n in range(number)]


def _main(verb: str, argument: str) -> None:
    if verb == "read":
        started = time.perf_counter()
        read_workbook(Path(argument))
    else:
        rows = _rows(int(argument))
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            write_workbook(Path(folder) / "rows.xlsx", [f"column {n}" for n in range(WIDTH)], rows)
            sys.stdout.write(f"{time.perf_counter() - started}\n")
            return
    sys.stdout.write(f"{time.perf_counter() - started}\n")


if __name__ == "__main__":
    _main(*sys.argv[1:])
