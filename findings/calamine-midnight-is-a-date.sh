#!/usr/bin/env bash
# python-calamine: a moment at midnight loses its time, and 24:00 becomes a day of 1900.
# Expected: the type of a value follows from the cell's format: all cells of a column with
#   "yyyy-mm-dd hh:mm" are datetimes, all cells of one with "hh:mm" are times.
# Happens: it follows from the value too. In a column of moments the one at exactly 0:00 is a
#   date, which cannot be compared with its neighbours; in a column of times noon is a time,
#   24 hours are the date 1900-01-01 and 30 hours a datetime of that day. openpyxl gives
#   datetimes for both, so the two readers differ on the same file.
# Seen in: python-calamine 0.9.1, files by xlsxwriter 3.3.1.
# So: bring each column to one type by hand: date to datetime, and durations from days since
#   1899-12-31; put a midnight and a whole day into the tests of an import.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-calamine==0.9.1 openpyxl==3.1.5 xlsxwriter==3.3.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date, datetime, time
from importlib.metadata import version

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

with xlsxwriter.Workbook("visits.xlsx") as book:
    sheet = book.add_worksheet()
    moment, clock = (book.add_format({"num_format": each}) for each in ("yyyy-mm-dd hh:mm", "hh:mm"))
    begins = datetime(2026, 10, 1, 8, 30), datetime(2026, 10, 2), datetime(2026, 10, 3, 12)
    for row, (begin, days) in enumerate(zip(begins, (0.5, 1.0, 1.25), strict=True)):
        sheet.write_datetime(row, 0, begin, moment)
        sheet.write_number(row, 1, days, clock)

fast = [tuple(row) for row in CalamineWorkbook.from_path("visits.xlsx").get_sheet_by_index(0).to_python()]
slow = list(openpyxl.load_workbook("visits.xlsx").active.iter_rows(values_only=True))
for name, rows in (("python-calamine", fast), ("openpyxl", slow)):
    print(f"{name} {version(name)}:", *rows, sep="\n  ")
assert [type(row[0]) for row in fast] == [datetime, date, datetime], "midnight keeps its time now"
assert [row[1] for row in fast] == [time(12), date(1900, 1, 1), datetime(1900, 1, 1, 6)], "hours changed"
assert [type(row[0]) for row in slow] == [datetime] * 3
assert slow[1][1] == datetime(1900, 1, 1)
PYTHON
