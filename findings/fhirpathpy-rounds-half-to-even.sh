#!/usr/bin/env bash
# fhirpathpy rounds a half to the even neighbour, where FHIRPath says upwards.
# Expected: FHIRPath defines round() as the traditional one, "0.5 or higher will round to 1":
#   37.5 becomes 38 and 38.5 becomes 39, and so the norm table of an instrument reads.
# Happens: Python's rounding comes through. 36.5 becomes 36, 37.5 becomes 38, 38.5 becomes 38;
#   with one decimal place 1.25 becomes 1.2 and 1.35 becomes 1.4. Every second half is a point
#   lower than on paper or in another FHIRPath engine, so a child may land on the other side
#   of a cut-off.
# Seen in: fhirpathpy 2.2.4.
# So: write (x + 0.5).floor() for scores that are not negative, or round outside FHIRPath by
#   Decimal.quantize with ROUND_HALF_UP; take halves into the tests of an instrument.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fhirpathpy==2.2.4
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import ROUND_HALF_UP, Decimal
from importlib.metadata import version

from fhirpathpy import evaluate


def told(expression: str) -> Decimal:
    [value] = evaluate({}, expression)
    return Decimal(str(value))


print("fhirpathpy", version("fhirpathpy"))
rounded = {}
for number, places in (("36.5", 0), ("37.5", 0), ("38.5", 0), ("1.25", 1), ("1.35", 1)):
    rounded[number] = str(told(f"({number}).round({places})"))
    paper = Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    print(f"{number} is {rounded[number]}, on paper {paper}")
halves = [str(told(f"({number} + 0.5).floor()")) for number in ("36.5", "37.5", "38.5")]
print("by floor():", *halves)
assert rounded == {"36.5": "36", "37.5": "38", "38.5": "38", "1.25": "1.2", "1.35": "1.4"}, "halves go up now"
assert halves == ["37", "38", "39"]
PYTHON
