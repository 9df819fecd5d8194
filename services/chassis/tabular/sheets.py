"""Rows into a workbook, in constant memory; whatever a cell begins with stays text."""

import io
import json
import re
import shutil
import sys
from pathlib import Path

# What a sheet holds below its header, and what a cell holds.
MOST_SHEET_ROWS = 1_048_575
LONGEST_CELL = 32_767
_ESCAPED = re.compile(r"\\(.)")
_MEANING = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


def write_xlsx() -> None:
    """COPY text rows from standard input to a workbook on standard output.

    Before them comes one JSON line: a folder to work in, each column's name and whether
    it holds numbers. Text stays text whatever it begins with: no spreadsheet runs it.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - only writing pays for it

    stdin = io.TextIOWrapper(sys.stdin.buffer, "utf-8", newline="\n")
    folder, columns = json.loads(stdin.readline())
    numbers = [is_number for _, is_number in columns]
    path = Path(folder) / "rows.xlsx"
    with xlsxwriter.Workbook(
        path, {"constant_memory": True, "tmpdir": folder}
    ) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, [name for name, _ in columns])
        for number, line in enumerate(stdin, start=1):
            if number > MOST_SHEET_ROWS:
                sys.exit(1)
            for index, cell in enumerate(line[:-1].split("\t")):
                if cell == r"\N":
                    continue
                if numbers[index]:
                    sheet.write_number(number, index, float(cell))
                else:
                    text = (
                        _ESCAPED.sub(
                            lambda match: _MEANING.get(match[1], match[1]), cell
                        )
                        if "\\" in cell
                        else cell
                    )
                    sheet.write_string(number, index, text[:LONGEST_CELL])
    with path.open("rb") as written:
        shutil.copyfileobj(written, sys.stdout.buffer)
    shutil.rmtree(folder)
