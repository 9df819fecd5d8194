#!/usr/bin/env bash
# csvw: a cost of 1.500 zł in a "number" column is 1.5 zł.
# Expected: the format of a numeric column, {"decimalChar": ",", "groupChar": "."}, holds for each numeric
#   type of CSV on the Web, so "1.500" is one thousand five hundred and "980,50" is a valid number.
# Happens: only decimal and the integers follow it; number, double and float do not look at it. "1.500"
#   is read as 1.5 without a word, and "980,50", which is valid, is refused with "invalid lexical value".
#   `is_valid` says so too: a table of whole thousands is valid, one with grosze is not. Written as text,
#   the number has a dot for the comma. A decimal column that is told of the comma alone takes the dot as
#   well: "1.500" is 1.5 there too.
# Seen in: csvw 4.1.1.
# So: describe Polish numbers as "decimal" and give both characters, {"decimalChar": ",", "groupChar": " "}
#   or {"decimalChar": ",", "groupChar": "."}; never as "number", "double" or "float".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check csvw==4.1.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import json
from importlib.metadata import version
from pathlib import Path

from csvw import CSVW, Datatype, Table

FORMAT = {"decimalChar": ",", "groupChar": "."}


def read(base: str, cost: str) -> tuple[bool, object]:
    Path("koszty.csv").write_text(f'poradnia,koszt\nA,"{cost}"\n', encoding="utf-8")
    columns = [{"name": "poradnia"}, {"name": "koszt", "datatype": {"base": base, "format": FORMAT}}]
    described = {"@context": "http://www.w3.org/ns/csvw", "url": "koszty.csv", "tableSchema": {"columns": columns}}
    Path("koszty.csv-metadata.json").write_text(json.dumps(described), encoding="utf-8")
    valid = CSVW("koszty.csv-metadata.json", validate=True).is_valid
    try:
        return valid, next(iter(Table.from_file("koszty.csv-metadata.json")))["koszt"]
    except ValueError as error:
        return valid, str(error).partition("koszt: ")[2]


print("csvw", version("csvw"), FORMAT)
seen = {(base, cost): read(base, cost) for base in ("decimal", "number", "double", "float") for cost in ("1.500", "980,50")}
seen["integer", "1.500"] = read("integer", "1.500")
for (base, cost), (valid, value) in seen.items():
    print(f"{base:8}{cost:7}valid: {valid!s:6}{value!r}")
number = Datatype.fromvalue({"base": "number", "format": FORMAT})
comma_alone = Datatype.fromvalue({"base": "decimal", "format": {"decimalChar": ","}})
print("number 980.5 as text:", number.formatted(980.5))
print("decimal that is told of the comma alone: 1.500 ->", comma_alone.parse("1.500"), "9,6 ->", comma_alone.parse("9,6"))

assert seen["decimal", "1.500"] == seen["integer", "1.500"] == (True, 1500)
assert seen["decimal", "980,50"] == (True, 980.5)
for base in ("number", "double", "float"):
    assert seen[base, "1.500"] == (True, 1.5), "thousands are thousands now"
    assert seen[base, "980,50"] == (False, "invalid lexical value for float: 980,50"), "a decimal comma is read now"
assert number.formatted(980.5) == "980.5", "a decimal comma is written now"
assert float(comma_alone.parse("1.500")) == 1.5 and float(comma_alone.parse("9,6")) == 9.6, "the dot is refused now"
PYTHON
