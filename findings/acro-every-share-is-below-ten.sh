#!/usr/bin/env bash
# acro: a table of shares is empty, however many children are behind it.
# Expected: `crosstab(..., normalize="index")` gives the shares of each row, as its docstring says, and the
#   disclosure check looks at the number of children in a cell: 10 are enough ("safe_threshold").
# Happens: the check is made on the share itself. A share is at most 1, so each cell is "below ten". Where
#   suppression is on, the table has no row at all, and each column three times; where it is off, the shares
#   are right, and the output is marked "fail" with all cells. The counts of the same table pass.
# Seen in: acro 1.0.2 with pandas 2.3.3.
# Why it matters: shares of pupils are what a county publishes; an empty table looks like "too few children"
#   and is believed, and who takes the advice to suppress withholds what may be published.
# So: let acro check the counts, and divide what it returns (a suppressed cell stays empty).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check acro==1.0.2 pandas==2.3.3
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import logging
from importlib.metadata import version

import pandas as pd
from acro import ACRO

logging.disable(logging.CRITICAL)
PUPILS = pd.DataFrame({
    "county": ["0201"] * 300 + ["1465"] * 400,
    "support": ["tak"] * 90 + ["nie"] * 210 + ["tak"] * 100 + ["nie"] * 300,
})
BY = (PUPILS["county"], PUPILS["support"])


def checked(suppress: bool, **options: object) -> tuple[pd.DataFrame, str, str]:
    session = ACRO(suppress=suppress)
    table = session.crosstab(*BY, **options)
    record = next(iter(session.results.results.values()))
    return table, record.status, record.summary


shares = pd.crosstab(*BY, normalize="index")
print("acro", version("acro"), "pandas", version("pandas"))
for suppress in (False, True):
    for options in ({}, {"normalize": "index"}):
        table, status, summary = checked(suppress, **options)
        print(f"\nsuppress={suppress} {options} status: {status}", "4 cells below the threshold" * ("fail - 4" in summary))
        print(table.to_string())

counts = checked(True)[0]
assert counts.equals(pd.crosstab(*BY)), "the counts are suppressed now"
assert checked(False)[1] == "pass"
table, status, summary = checked(False, normalize="index")
assert table.equals(shares) and status == "fail" and "MinimumThresholdCheck: fail - 4 cells" in summary, "shares pass now"
assert checked(True, normalize="index")[0].empty, "shares are shown now"
assert counts.div(counts.sum(axis=1), axis=0).equals(shares)
PYTHON
