#!/usr/bin/env bash
# pingouin: the kinds of intraclass correlation are named otherwise since 0.6.1.
# Expected: agreement of two raters is the row whose Type is "ICC2", as in papers, in all
#   tutorials and in pingouin until 0.6.0 (with the interval in CI95%, then CI95).
# Happens: a patch release renamed the rows to the notation of McGraw and Wong: ICC(1,1),
#   ICC(A,1), ICC(C,1) and the same with k. A filter `table[table.Type == "ICC2"]` raises
#   nothing and is empty; a mean or a report over it is NaN or blank.
# Seen in: 0.6.0 (old names) and 0.7.0 (new names), the same data and the same figures.
# So: pick the row by .loc on an index, which raises, or by a dictionary of both names, and
#   let a test hold a published coefficient.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/agreement.py" <<'PYTHON'
import sys
from importlib.metadata import version

import pandas
import pingouin

# Shrout and Fleiss (1979), table 2: six targets, four judges; published ICC(2,1) is .29.
SCORES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
rows = [(target, judge, score) for target, row in enumerate(SCORES) for judge, score in enumerate(row)]
data = pandas.DataFrame(rows, columns=["target", "judge", "score"])
table = pingouin.intraclass_corr(data, targets="target", raters="judge", ratings="score")
name, absent = sys.argv[1:]
[found] = table.loc[table["Type"] == name, "ICC"]
missed = table[table["Type"] == absent]
print("pingouin", version("pingouin"), "has", ", ".join(table["Type"]))
print(f"  {name} is {found:.2f}; asking for {absent} gives {len(missed)} rows and the mean {missed['ICC'].mean()}")
assert round(float(found), 2) == 0.29
assert missed.empty, f"{absent} is known now"
PYTHON
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check pingouin==0.6.0
"$folder/python/bin/python" "$folder/agreement.py" "ICC2" "ICC(A,1)"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check pingouin==0.7.0
"$folder/python/bin/python" "$folder/agreement.py" "ICC(A,1)" "ICC2"
