#!/usr/bin/env bash
# xlsxwriter: an answer with a comma becomes two answers in a drop-down list.
# Expected: data_validation() takes a Python list of answers and offers these; what the format
#   cannot hold is refused, as a list of more than 255 letters is (a warning and -2).
# Happens: the list is joined by commas into one formula, where the format has no way to
#   escape them. ["tak, w pełni", "nie"] offers three entries, none of them the first; no
#   warning, return value 0. Whoever picks "tak" sends back a value that is no answer of the
#   instrument, and typing the real one is refused by the spreadsheet.
# Seen in: xlsxwriter 3.3.1, read back by openpyxl 3.1.5.
# So: write the answers into cells of a hidden sheet and give the range as the source; then
#   commas and more than 255 letters are no matter.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check xlsxwriter==3.3.1 openpyxl==3.1.5
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import openpyxl
import xlsxwriter

ANSWERS = ["tak, w pełni", "tak, częściowo", "nie"]
with xlsxwriter.Workbook("form.xlsx") as book:
    sheet, lists = book.add_worksheet("Ankieta"), book.add_worksheet("Listy")
    returned = sheet.data_validation("A1", {"validate": "list", "source": ANSWERS})
    lists.write_column("A1", ANSWERS)
    lists.hide()
    sheet.data_validation("B1", {"validate": "list", "source": "=Listy!$A$1:$A$3"})

book = openpyxl.load_workbook("form.xlsx")
inline, referred = (each.formula1 for each in book["Ankieta"].data_validations.dataValidation)
offered = inline.strip('"').split(",")
print("xlsxwriter", version("xlsxwriter"), "returned", returned, "for", ANSWERS)
print("written is", inline, "which offers", len(offered), "entries:", offered)
print("by reference:", referred, "with", [cell.value for cell in book["Listy"]["A"]])
assert returned == 0, "the comma is refused now"
assert offered == ["tak", " w pełni", "tak", " częściowo", "nie"], "the comma is kept now"
assert [cell.value for cell in book["Listy"]["A"]] == ANSWERS
PYTHON
