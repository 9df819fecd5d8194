#!/usr/bin/env bash
# fhirpathpy: a day is equal to another one and yet in no list of days.
# Expected: FHIRPath defines `in`, contains, intersect(), exclude() and subsetOf() by `=`: where
#   @2026-11-30 = @2026-11-30 is true, the day is in (@2026-11-01 | @2026-11-30).
# Happens: false, for dates written in the expression; intersect() finds none, exclude() takes
#   none away. Numbers and texts are found. A union of two equal quantities has none left, where
#   it should have one. No error: a rule "on one of these days" is simply never true.
# Seen in: fhirpathpy 2.2.4.
# So: ask by exists($this = ...), or compare the text of the day.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fhirpathpy==2.2.4
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from fhirpathpy import evaluate

DAYS = "(@2026-11-01 | @2026-11-30)"
SEEN = {
    "@2026-11-30 = @2026-11-30": [True],
    f"@2026-11-30 in {DAYS}": [False],
    f"{DAYS} contains @2026-11-30": [False],
    f"{DAYS}.intersect(@2026-11-30).count()": [0],
    f"{DAYS}.exclude(@2026-11-30).count()": [2],
    f"{DAYS}.where($this = @2026-11-30).exists()": [True],
    "1 in (1 | 2)": [True],
    "'a' in ('a' | 'b')": [True],
    "(5 'mg' | 5 'mg').count()": [0],
}
print("fhirpathpy", version("fhirpathpy"))
for expression, seen in SEEN.items():
    found = evaluate({}, expression)
    print(f"{expression:50}", found)
    assert found == seen, expression
PYTHON
