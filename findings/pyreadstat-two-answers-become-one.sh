#!/usr/bin/env bash
# pyreadstat: two answers that begin alike become one in an SPSS file.
# Expected: a label of a value that is too long for the format (120 bytes) is refused, or a warning
#   says that it was cut; two answers stay two.
# Happens: it is cut without a word. Answers of a questionnaire that repeat the question and differ
#   at their end get one label between them; read with apply_value_formats=True, "never" and
#   "always" are the same category, and a table of the column has one row. Polish letters take two
#   bytes, so that the cut comes sooner than in an English form.
# Seen in: pyreadstat 1.3.7 with pandas 3.1.1.
# So: cut labels yourself, and where two come out alike let the value stand first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyreadstat==1.3.7 pandas==3.1.1
cd "$folder"
"$folder/venv/bin/python" -W error - <<'PYTHON'
from importlib.metadata import version

import pandas as pd
import pyreadstat

STEM = "W ostatnim półroczu dziecko bez przypominania kończyło to, co zaczęło, w domu i w przedszkolu, także gdy było zmęczone:"
LABELS = {1.0: f"{STEM} nigdy", 2.0: f"{STEM} zawsze"}
pyreadstat.write_sav(pd.DataFrame({"q1": [1.0, 2.0]}), "study.sav", variable_value_labels={"q1": LABELS})
_, told = pyreadstat.read_sav("study.sav")
named, _ = pyreadstat.read_sav("study.sav", apply_value_formats=True)
kept = told.variable_value_labels["q1"]
print("pyreadstat", version("pyreadstat"), "wrote", LABELS)
print("kept", kept, "of", [len(label.encode()) for label in kept.values()], "bytes")
print("as categories:", named["q1"].nunique(), "of 2")
assert {len(label.encode()) for label in kept.values()} <= {119, 120}, "nothing is cut now"
assert kept[1.0] == kept[2.0]
assert named["q1"].nunique() == 1
PYTHON
