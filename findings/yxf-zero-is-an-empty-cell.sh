#!/usr/bin/env bash
# yxf: a zero in an XLSForm is an empty cell.
# Expected: "Convert from XLSForm to YAML and back" (README): the form that comes back is the form that went
#   in. 0 is a valid name of a choice and a valid default (XLSForm reference, "choices", "default"), and
#   in Excel it is a number, as 1 and 2 are.
# Happens: when the Excel file is read, each cell with the number 0 is left out without a word. A default of
#   0 is gone, so the question starts empty; the answer worth 0 points has no name, and pyxform refuses
#   the form that comes back. 1 and 2 survive, and so does 0 in a cell of text.
# Why here: the scales of screening begin with 0 = "nigdy", and "0" is the common default for counts.
# Seen in: yxf 1.1.0 with openpyxl 3.1.5 (the refusal: pyxform 4.5.0).
# So: format the columns "name" and "default" as text before converting, and compare the YAML with the form.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check yxf==1.1.0 openpyxl==3.1.5
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version
from io import BytesIO

import yxf
from openpyxl import Workbook, load_workbook

HEADS = {"survey": ["type", "name", "label", "default"], "choices": ["list_name", "name", "label"]}


def form(zero: object) -> BytesIO:
    book, file = Workbook(), BytesIO()
    book.active.title = "survey"
    rows = {
        "survey": [["select_one czesto", "sen", "Czy dziecko budzi się w nocy?", None], ["integer", "brat", "Ilu braci?", zero]],
        "choices": [["czesto", zero, "nigdy"], ["czesto", 1, "czasem"], ["czesto", 2, "często"]],
    }
    for name, head in HEADS.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in [head, *rows[name]]:
            sheet.append(row)
    book.save(file)
    return BytesIO(file.getvalue())


def there_and_back(file: BytesIO) -> tuple[list[object], object]:
    """Convert a form to YAML and back to Excel. Return the names of the choices and the default."""
    back = BytesIO()
    yxf.write_xlsform(yxf.read_yaml(yxf.write_yaml(yxf.read_xlsform(file))), back)
    book = load_workbook(BytesIO(back.getvalue()))
    names = [row[1] for row in book["choices"].iter_rows(min_row=2, values_only=True) if row[0]]
    return names, next(row[3] for row in book["survey"].iter_rows(min_row=2, values_only=True) if row[1] == "brat")


print("yxf", version("yxf"), "openpyxl", version("openpyxl"))
number, text = there_and_back(form(0)), there_and_back(form("0"))
print("0 as a number: names of the choices", number[0], "default", number[1])
print("0 as text:     names of the choices", text[0], "default", text[1])
assert text == (["0", "1", "2"], "0")
assert number == ([None, "1", "2"], None), "a zero is kept now"
PYTHON
