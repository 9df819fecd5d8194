#!/usr/bin/env bash
# pyjstat: a table sorted another way gives each county the numbers of another one.
# Expected: `Dataset.read` of a DataFrame makes a JSON-stat cube of it in which each value stands at the
#   categories of its row, so a table, written and read again, says what it said.
# Happens: the values are taken in the order of the rows and counted off along the columns. Only a table
#   sorted by its columns from left to right is right. Sorted by county first, two of four values change
#   places; with a row missing, each later value moves up, to another year and county. Nothing is said:
#   only turned back into a table does the short cube end in an IndexError.
# Seen in: pyjstat 2.4.0 (pandas 3.1.1).
# So: reindex the table to all combinations in the order of its columns, as below.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyjstat==2.4.0 pandas==3.1.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import pandas
from pyjstat import pyjstat

ROWS = [("2024", "A", 10), ("2024", "B", 20), ("2025", "A", 30), ("2025", "B", 40)]
TABLE = pandas.DataFrame(ROWS, columns=["rok", "powiat", "value"])


def again(table: pandas.DataFrame) -> dict[str, int]:
    cube = pyjstat.Dataset.read(table)
    return {
        f"{year} {county}": cube.get_value([{"rok": year}, {"powiat": county}])
        for year in cube["dimension"]["rok"]["category"]["index"]
        for county in cube["dimension"]["powiat"]["category"]["index"]
        if cube.get_dimension_index("rok", year) * 2 + cube.get_dimension_index("powiat", county) < len(cube["value"])
    }


by_county = TABLE.sort_values(["powiat", "rok"])
short = TABLE.drop(index=1)
every = pandas.MultiIndex.from_product([TABLE["rok"].unique(), TABLE["powiat"].unique()], names=["rok", "powiat"])
whole = short.set_index(["rok", "powiat"]).reindex(every).reset_index()
back = pyjstat.Dataset.read(by_county).write("dataframe")

print("pyjstat", version("pyjstat"), "pandas", version("pandas"))
print("the rows:            ", ROWS)
print("sorted by columns:   ", again(TABLE))
print("sorted by county:    ", again(by_county))
print("and back as a table: ", [tuple(row) for row in back.to_numpy().tolist()])
print("without 2024 B:      ", again(short))
print("reindexed:           ", again(whole))
TRUE = {"2024 A": 10, "2024 B": 20, "2025 A": 30, "2025 B": 40}
assert again(TABLE) == TRUE
assert again(by_county) == {"2024 A": 10, "2024 B": 30, "2025 A": 20, "2025 B": 40}, "each county has its own now"
assert [tuple(row) for row in back.to_numpy().tolist()] == [("2024", "A", 10), ("2024", "B", 30), ("2025", "A", 20), ("2025", "B", 40)]
assert again(short) == {"2024 A": 10, "2024 B": 30, "2025 A": 40}, "a missing row moves nothing now"
try:
    pyjstat.Dataset.read(short).write("dataframe")
    raise SystemExit("a cube that is short of a value makes a table now")
except IndexError as error:
    print("the short cube as a table:", repr(error))
assert again(whole) == {**TRUE, "2024 B": None}
PYTHON
