"""The columns of an export: pseudonymous, labelled in Polish and English."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from services.screening.instruments.rules.answers import (
    GIVEN,
    Leaf,
    leaves_of,
    read_cell,
)
from services.screening.instruments.rules.definitions import Form, Scale
from services.screening.instruments.rules.items import Item, ItemType, Words
from services.screening.study_runs.rules.pairs import other_informants, retests
from services.screening.study_runs.rules.sample import Row, Sample, scale_result

_OUTCOME_CODES = {"positive": 1, "negative": 0, "undetermined": 9}
_OUTCOMES = {
    1.0: "dodatni / positive",
    0.0: "ujemny / negative",
    9.0: "nierozstrzygnięty / undetermined",
}
_SEXES = {
    "female": "dziewczynka / female",
    "male": "chłopiec / male",
    "unknown": "nieznana / unknown",
}
_ROLES = {
    "sample": "próba: pierwsze badanie dziecka tym formularzem"
    " / sample: the subject's first screening with the form",
    "retest": "powtórzenie tego formularza przez tę samą osobę"
    " / retest: the form again, by the same informant",
    "other_informant": "ocena innej osoby, jej formularzem"
    " / another informant's screening, with that one's form",
}
NOT_EXPORTED = {ItemType.TEXT, ItemType.DATE}
"""Free text and dates may say who somebody is."""
Meanings = Mapping[Any, str]
"""What the values of a column mean."""


class Variable(NamedTuple):
    """A column: its name, what it is, what its values mean, and its values."""

    name: str
    label: str
    meanings: Meanings
    values: list[Any]

    @property
    def is_text(self) -> bool:
        """Whether its values are words."""
        return any(isinstance(value, str) for value in self.values)


class _Line(NamedTuple):
    """A screening, and why it is in the export."""

    row: Row
    role: str


def variables_of(sample: Sample) -> list[Variable]:
    """The columns, one row for each screening of the sample and of the pairs with it.

    Months of birth, days and institutions are left out; ages are in months; a county
    with fewer children than `group_size` is not named.
    """
    screenings = {
        "sample": sample.rows,
        "retest": retests(sample).second,
        "other_informant": other_informants(sample).second,
    }
    numbers = _subject_numbers(sample)
    lines = _lines(screenings, numbers)
    rows = [line.row for line in lines]
    roles = {
        role: f"{_ROLES[role]} (n = {len(of_role)})"
        for role, of_role in screenings.items()
    }
    of_role = [line.role for line in lines]
    return [
        _variable("subject", [numbers[row["subject"]] for row in rows]),
        _variable("role", of_role, roles),
        _variable("occasion", _occasions(rows)),
        _variable("age_months", [row["age"] for row in rows]),
        _variable("sex", [row["sex"] for row in rows], _SEXES),
        _variable("county", _counties(rows, sample.task.group_size)),
        _variable("form", [row["form"] for row in rows]),
        _variable("informant", [row["informant"] for row in rows]),
        *_items(sample, rows),
        *_scales(sample, rows),
        _variable("outcome", _codes([row["outcome"] for row in rows]), _OUTCOMES),
        _variable("criterion", _codes([row["criterion"] for row in rows]), _OUTCOMES),
    ]


_LABELS = {
    "subject": "Numer dziecka w tym eksporcie / Subject in this export",
    "role": "Czym jest wiersz / What the row is",
    "occasion": "Które badanie dziecka / Which screening of the subject",
    "age_months": "Wiek w ukończonych miesiącach / Age in months",
    "sex": "Płeć / Sex",
    "county": "Powiat (TERYT) / County",
    "form": "Formularz / Form",
    "informant": "Kto odpowiadał / Informant",
    "outcome": "Wynik / Outcome",
    "criterion": "Kryterium / Criterion",
}


def _variable(
    name: str, values: list[Any], meanings: Meanings | None = None
) -> Variable:
    return Variable(name, _LABELS[name], meanings or {}, values)


def _subject_numbers(sample: Sample) -> dict[str, int]:
    """The number of each child in this export, in an order of its own.

    It is random: the seed is drawn for each export and not kept.
    """
    order = np.random.default_rng(sample.task.seed)
    # Sorted first: a set has no order, and numbers are to depend on the seed alone.
    subjects = sorted({row["subject"] for row in sample.rows})
    numbers = (order.permutation(len(subjects)) + 1).tolist()
    return dict(zip(subjects, numbers, strict=True))


def _lines(
    screenings: Mapping[str, Sequence[Row]], numbers: Mapping[str, int]
) -> list[_Line]:
    """The rows by child, then by day: an order by any other fact would reveal it."""
    roles = [*screenings]
    lines = [_Line(row, role) for role in roles for row in screenings[role]]
    return sorted(
        lines,
        key=lambda line: (
            numbers[line.row["subject"]],
            line.row["on"],
            roles.index(line.role),
        ),
    )


def _occasions(rows: Sequence[Row]) -> list[int]:
    """Which screening of its child each row is, from 1."""
    counts = Counter[str]()
    occasions = []
    for row in rows:
        counts[row["subject"]] += 1
        occasions.append(counts[row["subject"]])
    return occasions


def _counties(rows: Sequence[Row], group_size: int) -> list[str]:
    """The county of each row; empty where the export has fewer of its children."""
    children: dict[str, set[str]] = {row["county"]: set() for row in rows}
    for row in rows:
        children[row["county"]].add(row["subject"])
    # With few children the county beside age and sex could say who somebody is.
    named = {county for county, of_it in children.items() if len(of_it) >= group_size}
    return [row["county"] if row["county"] in named else "" for row in rows]


def _codes(outcomes: Sequence[str | None]) -> list[int | None]:
    return [_OUTCOME_CODES.get(outcome or "") for outcome in outcomes]


def _items(sample: Sample, rows: Sequence[Row]) -> list[Variable]:
    """The answers to every closed item of these rows' forms: values, or None without one."""
    codes = {code for form in _forms(sample, rows) for code in form.items}
    return [
        _item(item, leaf, rows)
        for item in sample.definition.items
        if item.code in codes and item.type not in NOT_EXPORTED
        for leaf in leaves_of(item)
    ]


def _item(item: Item, leaf: Leaf, rows: Sequence[Row]) -> Variable:
    labels = {option.code: _text(option.label) for option in item.options}
    meanings = {
        float(cell.value): labels.get(code) or code
        for code, cell in leaf.known.items()
        if cell.value is not None
    }
    label = ": ".join(part for part in (leaf.code, _text(item.text)) if part)
    # Rows of other forms may lack the item, and have no value then.
    values = [_value(leaf, row["answers"].get(leaf.code)) for row in rows]
    return Variable(_name_of(leaf.code), label, meanings, values)


def _value(leaf: Leaf, answer: Any) -> float | None:
    cell = read_cell(leaf, answer)
    if isinstance(cell, str) or cell.state != GIVEN or cell.value is None:
        return None
    return float(cell.value)


def _forms(sample: Sample, rows: Sequence[Row]) -> list[Form]:
    used = {row["form"] for row in rows}
    return [form for form in sample.definition.forms if form.code in used]


def _scales(sample: Sample, rows: Sequence[Row]) -> list[Variable]:
    """The raw score and the band of every scale of these rows' forms."""
    codes = {code for form in _forms(sample, rows) for code in form.scales}
    return [
        variable
        for scale in sample.definition.scales
        if scale.code in codes
        for variable in _scale(sample, scale, rows)
    ]


def _scale(sample: Sample, scale: Scale, rows: Sequence[Row]) -> list[Variable]:
    name, label = _name_of(scale.code), _text(scale.name) or scale.code
    results = [scale_result(row, scale.code) for row in rows]
    raw = [result.get("raw") for result in results]
    variables = [Variable(f"raw_{name}", f"{label}: wynik surowy / raw score", {}, raw)]
    meanings = {
        band.code: _text(band.label) or band.code
        for cut in sample.definition.cut_offs
        if cut.scale == scale.code
        for band in cut.bands
    }
    if meanings:
        bands = [result.get("band") or "" for result in results]
        label = f"{label}: przedział / band"
        variables.append(Variable(f"band_{name}", label, meanings, bands))
    return variables


def _text(words: Words | None) -> str:
    """A text in the languages it has; empty without any."""
    return " / ".join(text for text in (words.pl, words.en) if text) if words else ""


def _name_of(code: str) -> str:
    """A code as statistics programs take a name of a variable."""
    return code.replace(".", "_").replace("-", "_")
