#!/usr/bin/env bash
# pysdmx: the county 0201 of an SDMX-CSV file is the county 201.
# Expected: a coded dimension holds the identifier of a code, which is text (SDMX information model, IDType),
#   so "0201" comes back as "0201". The columns of `read_sdmx` are of type "string" as well.
# Happens: the reader lets pandas guess numbers first and makes text of them afterwards. "0201" is "201", the
#   age group "03" is "3", a share of "9.50" is "9.5". It depends on the other rows: with one row for the
#   total of all counties, "_T", that column is no longer a number and keeps its zeros. The text here is
#   written by pysdmx itself; SDMX-CSV 1.0, 2.0 and 2.1 are alike.
# Seen in: pysdmx 1.21.0 with pandas 2.3.3.
# Why it matters: the TERYT codes of four voivodeships (02, 04, 06, 08) begin with a zero. Joined by code,
#   their counties drop out of a table, and what is left looks complete.
# So: pad the codes after reading (`.str.zfill(4)`), or exchange SDMX-ML.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pysdmx[data]==1.21.0" pandas==2.3.3
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import pandas as pd
from pysdmx.io import read_sdmx, write_sdmx
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Component, Components, Concept, DataType, Role, Schema

ROLES = dict.fromkeys(("TERYT", "AGE", "TIME_PERIOD"), Role.DIMENSION) | {"OBS_VALUE": Role.MEASURE}
PARTS = [Component(name, True, role, Concept(name), DataType.STRING) for name, role in ROLES.items()]
SCHEMA = Schema(context="datastructure", agency="PL", id="CHILDREN", version="1.0", components=Components(PARTS))
COUNTIES = [("0201", "03", "2026", "9.50"), ("1465", "03", "2026", "7.25")]
TOTAL = ("_T", "03", "2026", "8.00")


def read_again(rows: list[tuple[str, ...]], kind: Format) -> tuple[str, pd.DataFrame]:
    table = pd.DataFrame(rows, columns=list(ROLES), dtype=str)
    text = write_sdmx([PandasDataset(structure=SCHEMA, data=table)], kind)
    return text, read_sdmx(text, validate=False).data[0].data


print("pysdmx", version("pysdmx"), "pandas", version("pandas"))
for kind in (Format.DATA_SDMX_CSV_1_0_0, Format.DATA_SDMX_CSV_2_0_0, Format.DATA_SDMX_CSV_2_1_0):
    text, counties = read_again(COUNTIES, kind)
    with_total = read_again([*COUNTIES, TOTAL], kind)[1]
    print(kind.name, "written:", text.split()[1])
    print("  read:", counties.iloc[0].to_dict(), counties["TERYT"].dtype)
    print("  read with a row for the total:", with_total.iloc[0].to_dict())
    assert "0201,03,2026,9.50" in text
    assert counties["TERYT"].tolist() == ["201", "1465"], "a county keeps its zero now"
    assert counties["AGE"].tolist() == ["3", "3"], "an age group keeps its zero now"
    assert counties["OBS_VALUE"].tolist() == ["9.5", "7.25"], "a value keeps its decimals now"
    assert with_total["TERYT"].tolist() == ["0201", "1465", "_T"], "a total takes the zeros away as well"
PYTHON
