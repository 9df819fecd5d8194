"""The counties of a study's children, by the rules of a campaign's statistics.

A table of a county is published whole or not at all. Its difference from each table of
the county that earlier runs or the campaign published must be zero or not
of few children.
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
"""Counts; a hidden one is None."""
Earlier = Mapping[str, Any]
"""An earlier published county: an entry of `counties` as `_county` makes it."""
SEXES = [sex.value for sex in Sex]
KNOWN = ("positive", "negative")
# At most ten bands: a table of many small cells would hardly ever be published.
MOST_BANDS = 10


def sampling_section(sample: Sample) -> Results:
    """The sample by county: the counties of the task, and others whose number is published."""
    edges = sample.task.edges or _years(sample)
    by_county: dict[str, list[Row]] = {county: [] for county in sample.task.counties}
    for row in sample.rows:
        by_county.setdefault(row["county"], []).append(row)
    counties = [
        _county(sample, edges, county, rows)
        # Sorted: the order of the rows would reveal the county of the first child.
        for county, rows in sorted(by_county.items())
    ]
    published_codes = {
        county["county_terc"] for county in counties if county["subjects"] is not None
    }
    listed_codes = {*sample.task.counties, *published_codes}
    return {
        "n": len(sample.rows),
        "small_cell": sample.task.small_cell,
        "distinct_counties": len(published_codes),
        "counties": [
            county for county in counties if county["county_terc"] in listed_codes
        ],
    }


def _years(sample: Sample) -> list[int]:
    """The edges of bands over the form's ages: of one year, or of several years to
    limit their number.
    """
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
    """Whether counts differ by few children from those published before.

    True if the earlier counts have other categories.
    """
    # A hidden table has no numbers that could be subtracted.
    if None in before:
        return False
    # Other age bands cross the published ones: subtraction could give parts
    # with few children.
    if len(now) != len(before):
        return True
    steps = np.abs(np.array(now) - np.array(before, dtype=int))
    return bool(((steps > 0) & (steps < small_cell)).any())


def _earlier_table(table: str, earlier: Earlier, edges: Sequence[int]) -> Published:
    """The same table as it was published before.

    [None] if it was hidden, empty if it had other age bands.
    """
    if table == "with_criterion":
        with_criterion, subjects = earlier.get(table), earlier["subjects"]
        if with_criterion is None or subjects is None:
            return [None]
        return [with_criterion, subjects - with_criterion]
    numbers = [part["subjects"] for part in earlier[table]] or [None]
    if table == "by_age" and None not in numbers:
        has_same_bands = [band["age_from"] for band in earlier[table]] == [None, *edges]
        return numbers if has_same_bands else []
    return numbers


def _published_tables(
    counts: Mapping[str, Counts],
    earlier_counties: Sequence[Earlier],
    edges: Sequence[int],
    few: int,
) -> Tables:
    """Each table is published whole, or every number of it is hidden."""
    tables: dict[str, Published] = {}
    for name, numbers in counts.items():
        earlier = [_earlier_table(name, one, edges) for one in earlier_counties]
        is_published = may_publish(np.array(numbers), few) and not any(
            _differ_by_few(numbers, one, few) for one in earlier
        )
        tables[name] = numbers if is_published else [None] * len(numbers)
    return Tables(**tables)


def _county(
    sample: Sample, edges: Sequence[int], county: str, rows: Sequence[Row]
) -> Results:
    few, earlier_counties = (
        sample.task.small_cell,
        sample.task.published.get(county, []),
    )
    counts = _counts(rows, edges)
    subjects = None
    if len(rows) >= few and not any(
        _differ_by_few([len(rows)], [earlier["subjects"]], few)
        for earlier in earlier_counties
    ):
        subjects = len(rows)
    if subjects is None:
        # If the number of a county's children is not published, none of its tables is.
        hidden: dict[str, Published] = {
            name: [None] * len(numbers) for name, numbers in counts.items()
        }
        tables = Tables(**hidden)
    else:
        tables = _published_tables(counts, earlier_counties, edges, few)
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
