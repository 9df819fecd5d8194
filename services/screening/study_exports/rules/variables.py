"""The columns of an export: pseudonymous, labelled in Polish and English."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from services.screening.instruments.rules.definitions import Scale
from services.screening.study_exports.rules.columns import (
    Meanings,
    Measure,
    Variable,
    name_of,
    named_apart,
)
from services.screening.study_exports.rules.items import (
    forms_of,
    item_variables,
    text_of,
)
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
_INFORMANTS = {
    "parent": "rodzic / parent",
    "nursery_carer": "opiekun w żłobku / nursery carer",
    "teacher": "nauczyciel / teacher",
    "specialist": "specjalista / specialist",
    "pupil": "uczeń / pupil",
    "team": "zespół / team",
}
_ROLES = {
    "sample": "próba: pierwsze badanie dziecka tym formularzem"
    " / sample: the subject's first screening with the form",
    "retest": "powtórzenie tego formularza przez tę samą osobę"
    " / retest: the form again, by the same informant",
    "other_informant": "ocena innej osoby, jej formularzem"
    " / another informant's screening, with that one's form",
}


class _Line(NamedTuple):
    """A screening, and its role in the export."""

    row: Row
    role: str


def variables_of(sample: Sample) -> list[Variable]:
    """The columns, one row for each screening of the sample and of the pairs with it.

    Months of birth and days are left out; ages are in months; a county with fewer
    children than `group_size` is not named, and such an institution has no number.
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
    columns = [
        _variable("subject", [numbers[row["subject"]] for row in rows]),
        _variable("role", of_role, roles),
        _variable("occasion", _occasions(rows))._replace(measure=Measure.ORDINAL),
        _variable("age_months", [row["age"] for row in rows])._replace(
            measure=Measure.SCALE
        ),
        _variable("sex", [row["sex"] for row in rows], _SEXES),
        _variable("county", _counties(rows, sample.task.group_size)),
        _cluster(sample, rows),
        _variable("form", [row["form"] for row in rows], _forms(sample, rows)),
        _variable("informant", [row["informant"] for row in rows], _INFORMANTS),
        *item_variables(sample, rows),
        *_scales(sample, rows),
        _variable("outcome", _codes([row["outcome"] for row in rows]), _OUTCOMES),
        _variable("criterion", _codes([row["criterion"] for row in rows]), _OUTCOMES),
    ]
    return named_apart(columns)


def _forms(sample: Sample, rows: Sequence[Row]) -> Meanings:
    """The titles of the forms, with their ages in months."""
    return {
        form.code: f"{text_of(form.title) or form.code}"
        f" ({form.age_from}-{form.age_to - 1} mies. / months)"
        for form in forms_of(sample, rows)
    }


_TOO_FEW, _NOWHERE = -99.0, -98.0


def _cluster(sample: Sample, rows: Sequence[Row]) -> Variable:
    """The institution of each row as a number of this export, for models of clusters.

    An institution of few children has none: with age and sex it could identify a child.
    """
    children: dict[str, set[str]] = {}
    for row in rows:
        children.setdefault(row.get("institution") or "", set()).add(row["subject"])
    group_size = sample.task.group_size
    # Sorted first, so that the numbers depend on the seed only.
    institutions = sorted(
        institution
        for institution, subjects in children.items()
        if institution and len(subjects) >= group_size
    )
    # Another random order than that of the children, also drawn for each export.
    order = (
        np.random.default_rng([sample.task.seed, 1]).permutation(len(institutions)) + 1
    )
    numbers = dict(zip(institutions, map(float, order), strict=True))
    values = [
        numbers.get(row.get("institution") or "", _TOO_FEW)
        if row.get("institution")
        else _NOWHERE
        for row in rows
    ]
    why = {
        _TOO_FEW: f"mniej niż {group_size} dzieci / fewer than {group_size} children",
        _NOWHERE: "bez placówki / without an institution",
    }
    missing = {code: text for code, text in why.items() if code in values}
    return _variable("cluster", values)._replace(missing=missing)


_LABELS = {
    "subject": "Numer dziecka w tym eksporcie / Subject in this export",
    "role": "Czym jest wiersz / What the row is",
    "occasion": "Które badanie dziecka / Which screening of the subject",
    "age_months": "Wiek w ukończonych miesiącach / Age in months",
    "sex": "Płeć / Sex",
    "county": "Powiat (TERYT) / County",
    "cluster": "Placówka w tym eksporcie / School or institution in this export",
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

    The order is random: the seed is drawn for each export and not stored.
    """
    order = np.random.default_rng(sample.task.seed)
    # Sorted first, because a set has no order, and the numbers must depend on
    # the seed only.
    subjects = sorted({row["subject"] for row in sample.rows})
    numbers = (order.permutation(len(subjects)) + 1).tolist()
    return dict(zip(subjects, numbers, strict=True))


def _lines(
    screenings: Mapping[str, Sequence[Row]], numbers: Mapping[str, int]
) -> list[_Line]:
    """The rows by child, then by day: an order by another fact would reveal that fact."""
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
    """The county of each row; empty for a county with fewer children than `group_size`."""
    children: dict[str, set[str]] = {row["county"]: set() for row in rows}
    for row in rows:
        children[row["county"]].add(row["subject"])
    # In a county with few children, county, age and sex together could
    # identify a child.
    counties = {
        county for county, subjects in children.items() if len(subjects) >= group_size
    }
    return [row["county"] if row["county"] in counties else "" for row in rows]


def _codes(outcomes: Sequence[str | None]) -> list[int | None]:
    return [_OUTCOME_CODES.get(outcome or "") for outcome in outcomes]


def _scales(sample: Sample, rows: Sequence[Row]) -> list[Variable]:
    """The raw score and the band of every scale of these rows' forms."""
    codes = {code for form in forms_of(sample, rows) for code in form.scales}
    return [
        variable
        for scale in sample.definition.scales
        if scale.code in codes
        for variable in _scale(sample, scale, rows)
    ]


def _scale(sample: Sample, scale: Scale, rows: Sequence[Row]) -> list[Variable]:
    name, text = name_of(scale.code), text_of(scale.name)
    label = f"{scale.code}: {text}" if text else scale.code
    results = [scale_result(row, scale.code) for row in rows]
    raw = [result.get("raw") for result in results]
    column_label = f"{label}: wynik surowy / raw score"
    variables = [
        Variable(f"raw_{name}", column_label, {}, raw, Measure.SCALE, code=scale.code)
    ]
    meanings = {
        band.code: text_of(band.label) or band.code
        for cut in sample.definition.cut_offs
        if cut.scale == scale.code
        for band in cut.bands
    }
    if meanings:
        bands = [result.get("band") or "" for result in results]
        column_label = f"{label}: przedział / band"
        variables.append(
            Variable(
                f"band_{name}",
                column_label,
                meanings,
                bands,
                Measure.ORDINAL,
                code=scale.code,
            )
        )
    return variables
