"""The data of a study as files: CSV with a codebook, and SPSS.

This module runs in a separate process. Standard input has the task and the screenings,
standard output the files.
"""

import csv
import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from services.chassis.tabular.cells import harmless
from services.screening.study_exports.rules.columns import Variable
from services.screening.study_exports.rules.files import ExportFile
from services.screening.study_exports.rules.variables import variables_of
from services.screening.study_runs.rules.sample import read_sample

LONGEST_TITLE, LONGEST_LABEL, LONGEST_MEANING = 64, 256, 120
"""The most bytes in an SPSS file for its label, the label of a variable, the label of a value."""


def export_study(stream: BinaryIO) -> bytes:
    """A line of JSON with the number of rows and the size of each file in bytes, then the files."""
    sample = read_sample(stream)
    columns = variables_of(sample)
    files = {
        ExportFile.DATA: data_csv(columns),
        ExportFile.CODEBOOK: codebook_csv(columns),
        ExportFile.SPSS: spss(columns, sample.task.instrument),
    }
    sizes = {name.value: len(content) for name, content in files.items()}
    head = json.dumps({"rows": len(columns[0].values), "sizes": sizes})
    return head.encode() + b"\n" + b"".join(files.values())


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet runs as a formula; whole numbers have no decimal point."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return harmless(value) if isinstance(value, str) else "" if value is None else value


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    cells = [[_cell(value) for value in row] for row in rows]
    csv.writer(text, lineterminator="\n").writerows(cells)
    return text.getvalue().encode()


def data_csv(columns: Sequence[Variable]) -> bytes:
    """The rows as CSV."""
    head = [column.name for column in columns]
    return _csv([head, *zip(*(column.values for column in columns), strict=True)])


_BOOK = (
    *("variable", "label", "type", "value", "meaning"),
    *("is_missing", "measure", "code", "keying"),
)


def codebook_csv(columns: Sequence[Variable]) -> bytes:
    """The codebook as CSV: each column and the meaning of each of its values, one line
    for each value.

    `is_missing` marks the value of a missing answer; its meaning is the reason.
    """
    rows: list[tuple[Any, ...]] = [_BOOK]
    for column in columns:
        kind = "text" if column.is_text else "number"
        facts = (column.measure.value, column.code, column.keying)
        values = [(*meaning, "no") for meaning in column.meanings.items()]
        values += [(*meaning, "yes") for meaning in column.missing.items()]
        rows += [
            (column.name, column.label, kind, *value, *facts)
            for value in values or [("", "", "")]
        ]
    return _csv(rows)


def spss(columns: Sequence[Variable], title: str) -> bytes:
    """The rows as an SPSS file with labels of variables and values."""
    import pandas as pd  # noqa: PLC0415 - only an export pays for it
    import pyreadstat  # noqa: PLC0415

    frame = pd.DataFrame({column.name: _series(column) for column in columns})
    # The library can only write to a path.
    with tempfile.TemporaryDirectory(prefix="splot-") as folder:
        path = Path(folder) / "data.sav"
        pyreadstat.write_sav(
            frame,
            str(path),
            file_label=_cut(title, LONGEST_TITLE),
            column_labels={
                column.name: _cut(column.label, LONGEST_LABEL) for column in columns
            },
            variable_value_labels={
                column.name: meanings
                for column in columns
                if (meanings := _short_meanings(column))
            },
            missing_ranges={
                column.name: [{"lo": min(column.missing), "hi": max(column.missing)}]
                for column in columns
                if column.missing
            },
            variable_measure={column.name: column.measure.value for column in columns},
            variable_format={
                column.name: "F8.0" for column in columns if _is_whole(column)
            },
            row_compress=True,
        )
        return path.read_bytes()


def _cut(text: str, octets: int) -> str:
    """A text of at most `octets` bytes, cut with an ellipsis: the library would cut it
    without one.
    """
    data = text.encode()
    if len(data) <= octets:
        return text
    return data[: octets - 3].decode(errors="ignore").rstrip() + "\u2026"


def _short_meanings(column: Variable) -> dict[Any, str]:
    meanings = {**column.meanings, **column.missing}
    short = {value: _cut(text, LONGEST_MEANING) for value, text in meanings.items()}
    uses = Counter(short.values())
    # Two values with the same label would look like one answer.
    return {
        value: text
        if uses[text] == 1
        else _cut(f"{_cell(value)}: {meanings[value]}", LONGEST_MEANING)
        for value, text in short.items()
    }


def _is_whole(column: Variable) -> bool:
    numbers = [value for value in column.values if value is not None]
    return not column.is_text and all(float(value).is_integer() for value in numbers)


def _series(column: Variable) -> Any:
    """The values for pandas: empty texts and NaN for missing values."""
    if column.is_text:
        # An SPSS text cannot be missing, only empty.
        return [value or "" for value in column.values]
    numbers = [np.nan if value is None else value for value in column.values]
    return np.array(numbers, float)


if __name__ == "__main__":
    sys.stdout.buffer.write(export_study(sys.stdin.buffer))
