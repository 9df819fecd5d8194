"""Where the children of a study are from, county by county. Told as a campaign's statistics are.

A table of a county is told whole or not at all, and only where it differs from all that was told of
the county before, by earlier runs and by the campaign, by nothing or by no few.
"""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import numpy as np

from services.screening.campaigns.rules.disclosure import may_tell
from services.screening.campaigns.rules.life import band_bounds
from services.screening.instruments.rules.outcomes import Sex
from services.screening.studies.rules.sample import Row, Sample

Facts = dict[str, Any]
SEXES = [sex.value for sex in Sex]
KNOWN = ("positive", "negative")
MOST_BANDS = 10


def sampling_section(sample: Sample) -> Facts:
    """The sample by county: of those that the study or its campaign names, and of others that are told."""
    edges = sample.task.edges or _years(sample)
    here: dict[str, list[Row]] = {county: [] for county in sample.task.counties}
    for row in sample.rows:
        here.setdefault(row["county"], []).append(row)
    found = [
        _county(sample, edges, county, rows) for county, rows in sorted(here.items())
    ]
    told = {county["county_terc"] for county in found if county["subjects"] is not None}
    listed = {*sample.task.counties, *told}
    return {
        "n": len(sample.rows),
        "small_cell": sample.task.small_cell,
        "distinct_counties": len(told),
        "counties": [county for county in found if county["county_terc"] in listed],
    }


def _years(sample: Sample) -> list[int]:
    """Whole years of the form's ages, several together where they would be many."""
    form = next(
        form for form in sample.definition.forms if form.code == sample.task.form
    )
    step = 12 * ceil((form.age_to - form.age_from) / (12 * MOST_BANDS))
    return [*range(form.age_from + step, form.age_to, step)]


def _numbers(rows: Sequence[Row], edges: Sequence[int]) -> dict[str, list[int]]:
    """The tables of a county: its sexes, its age bands, with and without a criterion."""
    bands = np.searchsorted(edges, [row["age"] for row in rows], side="right")
    with_criterion = sum(row["criterion"] in KNOWN for row in rows)
    return {
        "by_sex": [sum(row["sex"] == sex for row in rows) for sex in SEXES],
        "by_age": np.bincount(bands.astype(int), minlength=len(edges) + 1).tolist(),
        "with_criterion": [with_criterion, len(rows) - with_criterion],
    }


def _differ_by_few(
    now: Sequence[int], before: Sequence[int | None], small_cell: int
) -> bool:
    """Whether what was told tells of few, beside these; always when it was told of other parts."""
    if None in before:
        return False
    if len(now) != len(before):
        return True
    steps = np.abs(np.array(now) - np.array(before, dtype=int))
    return bool(((steps > 0) & (steps < small_cell)).any())


def _was_told(
    table: str, told: Mapping[str, Any], edges: Sequence[int]
) -> list[int | None]:
    """The same table as it was told before; empty where other ages were told."""
    if table == "with_criterion":
        known, subjects = told.get(table), told["subjects"]
        return (
            [None] if known is None or subjects is None else [known, subjects - known]
        )
    numbers = [part["subjects"] for part in told[table]] or [None]
    if table == "by_age" and None not in numbers:
        same = [band["age_from"] for band in told[table]] == [None, *edges]
        return numbers if same else []
    return numbers


def _county(
    sample: Sample, edges: Sequence[int], county: str, rows: Sequence[Row]
) -> Facts:
    few, before = sample.task.small_cell, sample.task.told.get(county, [])
    subjects: int | None = len(rows)
    if len(rows) < few or any(
        _differ_by_few([len(rows)], [told["subjects"]], few) for told in before
    ):
        subjects = None
    tables: dict[str, Sequence[int | None]] = {}
    for table, numbers in _numbers(rows, edges).items():
        earlier = [_was_told(table, told, edges) for told in before]
        is_told = subjects is not None and may_tell(np.array(numbers), few)
        if not is_told or any(_differ_by_few(numbers, one, few) for one in earlier):
            tables[table] = [None] * len(numbers)
        else:
            tables[table] = numbers
    with_criterion = tables["with_criterion"][0]
    of_campaign = sample.task.population.get(county)
    return {
        "county_terc": county,
        "subjects": subjects,
        "is_suppressed": any(
            None in numbers for numbers in ([subjects], *tables.values())
        ),
        "by_sex": [
            {"sex": sex, "subjects": number}
            for sex, number in zip(SEXES, tables["by_sex"], strict=True)
        ],
        "by_age": [
            _band(edges, band, number) for band, number in enumerate(tables["by_age"])
        ],
        "with_criterion": with_criterion,
        "share_with_criterion": _share(with_criterion, subjects),
        "campaign_subjects": of_campaign,
        "share_of_campaign": _share(subjects, of_campaign),
    }


def _band(edges: Sequence[int], band: int, subjects: int | None) -> Facts:
    age_from, age_below = band_bounds(edges, band)
    return {"age_from": age_from, "age_below": age_below, "subjects": subjects}


def _share(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None
