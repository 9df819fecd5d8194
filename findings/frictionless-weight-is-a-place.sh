#!/usr/bin/env bash
# frictionless: the weight of a child in a Polish table is a place on Earth.
# Expected: described without a schema, "9,6" (a decimal comma, fields parted by semicolons) is a number
#   or, as nothing told of the comma, text.
# Happens: the column is a geopoint, "longitude,latitude", and the weight is read as [9.0, 6.0]. Which
#   type a column gets hangs on its values: up to 180 before the comma and up to 90 after it they are
#   places, otherwise text, and never a number. So a schema described from one year's file finds that file
#   valid, and says of the next year's that a child of 195,5 cm is a "type-error". In a longer table, as
#   nine in ten values are enough for a type, the column stays a geopoint, and that child's height is None.
# Seen in: frictionless 5.21.0.
# So: never infer the schema of a Polish table; write it by hand with `"type": "number",
#   "decimalChar": ","`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check frictionless==5.21.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from pathlib import Path

import frictionless
from frictionless import Resource, Schema, describe, validate

Path("2025.csv").write_text("dziecko;waga;wzrost\nA;9,6;77,5\nB;10,2;81,0\n", encoding="utf-8")
Path("2026.csv").write_text("dziecko;waga;wzrost\nC;9,8;79,0\nD;84,1;195,5\n", encoding="utf-8")
Path("text.csv").write_text("dziecko;waga;wzrost\nE;9,65;77,95\n", encoding="utf-8")


def types(path: str) -> dict[str, str]:
    return {field.name: field.type for field in describe(path).schema.fields}


print("frictionless", frictionless.__version__)
for path in ("2025.csv", "2026.csv", "text.csv"):
    print(path, types(path), [row.to_dict() for row in Resource(path).read_rows()])
described = describe("2025.csv").schema
errors = validate("2026.csv", schema=described).flatten(["rowNumber", "fieldName", "type", "note"])
print("2026.csv by the schema of 2025.csv:", errors)

assert types("2025.csv") == {"dziecko": "string", "waga": "geopoint", "wzrost": "geopoint"}, "weights are no places now"
assert [*Resource("2025.csv").read_rows()[0]["waga"]] == [9, 6]
assert validate("2025.csv", schema=described).valid
assert types("text.csv")["wzrost"] == "string"
assert [error[:3] for error in errors] == [[3, "wzrost", "type-error"]]

Path("long.csv").write_text("dziecko;wzrost\n" + "A;99,5\n" * 19 + "B;195,5\n", encoding="utf-8")
last = Resource("long.csv").read_rows()[-1].to_dict()
print("long.csv", types("long.csv"), "ends with", last)
assert types("long.csv")["wzrost"] == "geopoint" and last["wzrost"] is None

by_hand = Schema.from_descriptor(
    {"fields": [{"name": "dziecko", "type": "string"}]
     + [{"name": name, "type": "number", "decimalChar": ","} for name in ("waga", "wzrost")]}
)
print("by hand:", Resource("2026.csv", schema=by_hand).read_rows()[1].to_dict())
assert validate("2026.csv", schema=by_hand).valid
PYTHON
