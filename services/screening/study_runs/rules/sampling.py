"""Where the children of a study are from, by the rules of a campaign's statistics.

A table of a county is published whole or not at all, and only where it differs from all
that was published of the county before, by earlier runs and by the campaign, by nothing
or by no few.
"""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from services.screening.campaigns.rules.disclosure import may_publish
from services.screening.campaigns.rules.life import band_bounds
from services.screening.instruments.rules.outcomes import Sex
from services.screening.study_runs.rules.estimates import Results
from services.screening.study_runs.rules.sample import Row, Sample

Counts = Sequence[int]
Published = Sequence[int | None]
"""Counts of which a hidden one is None."""
Earlier = Mapping[str, Any]
"""A county as it was published before: an entry of `counties`, as `_county` makes it.
"""
SEXES = [sex.value for sex in Sex]
KNOWN = ("positive", "negative")
# A table of many small cells would hardly ever be published.
MOST_BANDS = 10


def sampling_section(sample: Sample) -> Results:
    """The sample by county: the counties that are named, and others whose number is published."""
    edges = sample.task.edges or _years(sample)
    by_county: dict[str, list[Row]] = {county: [] for county in sample.task.counties}
    for row in sample.rows:
        by_county.setdefault(row["county"], []).append(row)
    counties = [
        _county(sample, edges, county, rows)
        # By code: in the order of rows the first county would be that of the first child.
        for county, rows in sorted(by_county.items())
    ]
    shown = {one["county_terc"] for one in counties if one["subjects"] is not None}
    listed = {*sample.task.counties, *shown}
    return {
        "n": len(sample.rows),
        "small_cell": sample.task.small_cell,
        "distinct_counties": len(shown),
        "counties": [one for one in counties if one["county_terc"] in listed],
    }


def _years(sample: Sample) -> list[int]:
    """The edges of bands of whole years over the form's ages, of several where they are many."""
    form = next(
        form for form in sample.definition.forms if form.code == sample.task.form
    )
    step = 12 * ceil((form.age_to - form.age_from) / (12 * MOST_BANDS))
    return [*range(form.age_from + step, form.age_to, step)]


class Tables(NamedTuple):
    """The tables of a county: its sexes, its age bands, with and without a criterion."""

    by_sex: Published
    by_age: Published
    with_criterion: Published


def _counts(rows: Sequence[Row], edges: Sequence[int]) -> Mapping[str, Counts]:
    """The tables of a county before any number is hidden."""
    bands = np.searchsorted(edges, [row["age"] for row in rows], side="right")
    with_criterion = sum(row["criterion"] in KNOWN for row in rows)
    return {
        "by_sex": [sum(row["sex"] == sex for row in rows) for sex in SEXES],
        "by_age": np.bincount(bands.astype(int), minlength=len(edges) + 1).tolist(),
        "with_criterion": [with_criterion, len(rows) - with_criterion],
    }


def _differ_by_few(now: Counts, before: Published, small_cell: int) -> bool:
    """Whether counts and those published before differ by few.

    Always where those are of other categories.
    """
    # What was hidden shows nothing that could be subtracted.
    if None in before:
        return False
    # Other age bands cut through those that are known: pieces of a few children might
    # follow.
    if len(now) != len(before):
        return True
    steps = np.abs(np.array(now) - np.array(before, dtype=int))
    return bool(((steps > 0) & (steps < small_cell)).any())


def _earlier_table(table: str, earlier: Earlier, edges: Sequence[int]) -> Published:
    """The same table as it was published before.

    [None] where it was hidden, empty where it had other age bands.
    """
    if table == "with_criterion":
        known, subjects = earlier.get(table), earlier["subjects"]
        if known is None or subjects is None:
            return [None]
        return [known, subjects - known]
    numbers = [part["subjects"] for part in earlier[table]] or [None]
    if table == "by_age" and None not in numbers:
        same = [band["age_from"] for band in earlier[table]] == [None, *edges]
        return numbers if same else []
    return numbers


def _published_tables(
    counts: Mapping[str, Counts],
    before: Sequence[Earlier],
    edges: Sequence[int],
    few: int,
) -> Tables:
    """Each table whole, or with every number hidden."""
    tables: dict[str, Published] = {}
    for name, numbers in counts.items():
        earlier = [_earlier_table(name, one, edges) for one in before]
        is_published = may_publish(np.array(numbers), few) and not any(
            _differ_by_few(numbers, one, few) for one in earlier
        )
        tables[name] = numbers if is_published else [None] * len(numbers)
    return Tables(**tables)


def _county(
    sample: Sample, edges: Sequence[int], county: str, rows: Sequence[Row]
) -> Results:
    few, before = sample.task.small_cell, sample.task.published.get(county, [])
    counts = _counts(rows, edges)
    subjects = None
    if len(rows) >= few and not any(
        _differ_by_few([len(rows)], [earlier["subjects"]], few) for earlier in before
    ):
        subjects = len(rows)
    if subjects is None:
        # Nothing of a county is published whose number of children is not.
        hidden: dict[str, Published] = {
            name: [None] * len(numbers) for name, numbers in counts.items()
        }
        tables = Tables(**hidden)
    else:
        tables = _published_tables(counts, before, edges, few)
    return _county_as_published(sample, edges, county, subjects, tables)


def _county_as_published(
    sample: Sample,
    edges: Sequence[int],
    county: str,
    subjects: int | None,
    tables: Tables,
) -> Results:
    with_criterion = tables.with_criterion[0]
    of_campaign = sample.task.population.get(county)
    return {
        "county_terc": county,
        "subjects": subjects,
        "is_suppressed": any(None in numbers for numbers in ([subjects], *tables)),
        "by_sex": [
            {"sex": sex, "subjects": number}
            for sex, number in zip(SEXES, tables.by_sex, strict=True)
        ],
        "by_age": [
            _band(edges, band, number) for band, number in enumerate(tables.by_age)
        ],
        "with_criterion": with_criterion,
        "share_with_criterion": _share(with_criterion, subjects),
        "campaign_subjects": of_campaign,
        "share_of_campaign": _share(subjects, of_campaign),
    }


def _band(edges: Sequence[int], band: int, subjects: int | None) -> Results:
    age_from, age_below = band_bounds(edges, band)
    return {"age_from": age_from, "age_below": age_below, "subjects": subjects}


def _share(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None
