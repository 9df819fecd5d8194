"""The data of a study as files from which nobody is found again: CSV with a codebook, and SPSS. In its own process."""

import csv
import io
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from services.chassis.files import DANGEROUS
from services.screening.instruments.rules.answers import (
    GIVEN,
    Leaf,
    leaves_of,
    read_cell,
)
from services.screening.instruments.rules.definitions import Form
from services.screening.instruments.rules.items import ItemType, Words
from services.screening.studies.rules.kinds import ExportFile
from services.screening.studies.rules.pairs import other_informants, retests
from services.screening.studies.rules.sample import Row, Sample, figure, read_sample

_CODED = {"positive": 1, "negative": 0, "undetermined": 9}
_OUTCOMES = {
    1.0: "pozytywny / positive",
    0.0: "negatywny / negative",
    9.0: "nierozstrzygnięty / undetermined",
}
_SEXES = {
    "female": "dziewczynka / female",
    "male": "chłopiec / male",
    "unknown": "nieznana / unknown",
}
_ROLES = {
    "sample": "próba: pierwsze badanie dziecka tym formularzem / sample: the subject's first screening with the form",
    "retest": "powtórzenie tego formularza przez tę samą osobę / retest: the form again, by the same informant",
    "other_informant": "ocena innej osoby, jej formularzem / another informant's screening, with that one's form",
}
_UNTOLD = {ItemType.TEXT, ItemType.DATE}
"""Free text and dates may say who somebody is: they are never exported."""


class Variable(NamedTuple):
    """A column: its name, what it is, what its values mean, and its values."""

    name: str
    label: str
    meanings: dict[Any, str]
    values: list[Any]

    @property
    def is_text(self) -> bool:
        """Whether its values are words."""
        return any(isinstance(value, str) for value in self.values)


def export_study(stream: BinaryIO) -> bytes:
    """The files of an export: a line of JSON with the names, sizes and the number of rows, and then the files."""
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


def variables_of(sample: Sample) -> list[Variable]:
    """The columns, one row a screening: those of the sample, and those that the agreement section pairs them with.

    Subjects have numbers of this export alone, in random order; the seed is drawn for each export and not kept. Months
    of birth, days and institutions are left out; ages are in months; a county with fewer children than `group_size` is
    not named.
    """
    parts = {
        "sample": sample.rows,
        "retest": retests(sample)[1],
        "other_informant": other_informants(sample)[1],
    }
    order = np.random.default_rng(sample.task.seed)
    subjects = sorted({row["subject"] for row in sample.rows})
    numbers = dict(
        zip(subjects, (order.permutation(len(subjects)) + 1).tolist(), strict=True)
    )
    found = [(row, role) for role, of_role in parts.items() for row in of_role]
    found.sort(
        key=lambda one: (
            numbers[one[0]["subject"]],
            one[0]["on"],
            [*parts].index(one[1]),
        )
    )
    rows = [row for row, _ in found]
    meanings = {
        role: f"{_ROLES[role]} (n = {len(of_role)})" for role, of_role in parts.items()
    }
    return [
        Variable(
            "subject",
            "Numer dziecka w tym eksporcie / Subject in this export",
            {},
            _numbers(rows, numbers),
        ),
        Variable(
            "role",
            "Czym jest wiersz / What the row is",
            meanings,
            [role for _, role in found],
        ),
        Variable(
            "occasion",
            "Które badanie dziecka / Which screening of the subject",
            {},
            _occasions(rows),
        ),
        Variable(
            "age_months",
            "Wiek w ukończonych miesiącach / Age in months",
            {},
            [row["age"] for row in rows],
        ),
        Variable("sex", "Płeć / Sex", _SEXES, [row["sex"] for row in rows]),
        Variable(
            "county",
            "Powiat (TERYT) / County",
            {},
            _counties(rows, sample.task.group_size),
        ),
        Variable("form", "Formularz / Form", {}, [row["form"] for row in rows]),
        Variable(
            "informant",
            "Kto odpowiadał / Informant",
            {},
            [row["informant"] for row in rows],
        ),
        *_items(sample, rows),
        *_scales(sample, rows),
        Variable(
            "outcome",
            "Wynik / Outcome",
            _OUTCOMES,
            [_CODED.get(row["outcome"]) for row in rows],
        ),
        Variable(
            "criterion",
            "Kryterium / Criterion",
            _OUTCOMES,
            [_CODED.get(row["criterion"]) for row in rows],
        ),
    ]


def _numbers(rows: Sequence[Row], numbers: dict[str, int]) -> list[int]:
    return [numbers[row["subject"]] for row in rows]


def _occasions(rows: Sequence[Row]) -> list[int]:
    seen = Counter[str]()
    found = []
    for row in rows:
        seen[row["subject"]] += 1
        found.append(seen[row["subject"]])
    return found


def _counties(rows: Sequence[Row], group_size: int) -> list[str]:
    children = {county: set[str]() for county in {row["county"] for row in rows}}
    for row in rows:
        children[row["county"]].add(row["subject"])
    return [
        row["county"] if len(children[row["county"]]) >= group_size else ""
        for row in rows
    ]


def _items(sample: Sample, rows: Sequence[Row]) -> list[Variable]:
    """The answers to every closed item of these rows' forms as values, of a choice without a value as none."""
    found = []
    asked = {code for form in _forms(sample, rows) for code in form.items}
    for item in sample.definition.items:
        if item.type in _UNTOLD or item.code not in asked:
            continue
        labels = {
            option.code: _said(option.label) or option.code for option in item.options
        }
        for leaf in leaves_of(item):
            meanings = {
                cell.value: labels.get(code, code)
                for code, cell in leaf.known.items()
                if cell.value is not None
            }
            label = ": ".join(part for part in (leaf.code, _said(item.text)) if part)
            values = [_value(leaf, row["answers"].get(leaf.code)) for row in rows]
            found.append(Variable(_named(leaf.code), label, meanings, values))
    return found


def _value(leaf: Leaf, answer: Any) -> float | None:
    cell = read_cell(leaf, answer)
    return None if isinstance(cell, str) or cell.state != GIVEN else cell.value


def _forms(sample: Sample, rows: Sequence[Row]) -> list[Form]:
    used = {row["form"] for row in rows}
    return [form for form in sample.definition.forms if form.code in used]


def _scales(sample: Sample, rows: Sequence[Row]) -> list[Variable]:
    found = []
    made = {code for form in _forms(sample, rows) for code in form.scales}
    for scale in sample.definition.scales:
        if scale.code not in made:
            continue
        label = _said(scale.name) or scale.code
        raw = [figure(row, scale.code).get("raw") for row in rows]
        found.append(
            Variable(
                f"raw_{_named(scale.code)}",
                f"{label}: wynik surowy / raw score",
                {},
                raw,
            )
        )
        bands = {
            band.code: _said(band.label) or band.code
            for cut in sample.definition.cut_offs
            if cut.scale == scale.code
            for band in cut.bands
        }
        if bands:
            given = [figure(row, scale.code).get("band") or "" for row in rows]
            found.append(
                Variable(
                    f"band_{_named(scale.code)}",
                    f"{label}: przedział / band",
                    bands,
                    given,
                )
            )
    return found


def _said(words: Words | None) -> str:
    """A text in the languages it has."""
    return " / ".join(text for text in (words.pl, words.en) if text) if words else ""


def _named(code: str) -> str:
    """A code as a name of a variable."""
    return code.replace(".", "_").replace("-", "_")


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet runs; whole numbers without their point."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value[:1] in {*DANGEROUS}:
        return f"'{value}"
    return "" if value is None else value


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(
        [[_cell(value) for value in row] for row in rows]
    )
    return text.getvalue().encode()


def data_csv(columns: Sequence[Variable]) -> bytes:
    """The rows."""
    head = [column.name for column in columns]
    return _csv([head, *zip(*(column.values for column in columns), strict=True)])


def codebook_csv(columns: Sequence[Variable]) -> bytes:
    """What each column is and what each of its values means, a line a value."""
    rows: list[tuple[Any, ...]] = [("variable", "label", "type", "value", "meaning")]
    for column in columns:
        kind = "text" if column.is_text else "number"
        meanings = [*column.meanings.items()] or [("", "")]
        rows += [
            (column.name, column.label, kind, value, meaning)
            for value, meaning in meanings
        ]
    return _csv(rows)


def spss(columns: Sequence[Variable], title: str) -> bytes:
    """The rows as an SPSS file with labels of variables and values. Its library writes to a path, so one is lent."""
    import pandas as pd  # noqa: PLC0415 - only an export pays for it
    import pyreadstat  # noqa: PLC0415

    frame = pd.DataFrame({column.name: _series(column) for column in columns})
    kinds = {
        "subject": "nominal",
        "role": "nominal",
        "outcome": "nominal",
        "criterion": "nominal",
        "sex": "nominal",
    }
    with tempfile.TemporaryDirectory(prefix="splot-") as folder:
        path = Path(folder) / "data.sav"
        pyreadstat.write_sav(
            frame,
            str(path),
            file_label=title[:64],
            column_labels={column.name: column.label[:250] for column in columns},
            variable_value_labels={
                column.name: {
                    value: meaning[:120] for value, meaning in column.meanings.items()
                }
                for column in columns
                if column.meanings
            },
            variable_measure=kinds,
            row_compress=True,
        )
        return path.read_bytes()


def _series(column: Variable) -> Any:
    if column.is_text:
        return [value or "" for value in column.values]
    return np.array(
        [np.nan if value is None else value for value in column.values], float
    )
