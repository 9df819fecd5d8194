"""The tables of a campaign as they are published. Pure.

What is told of several counties is a sum of what is told of each, and of nothing else, so that no
subtraction finds what is not told. Beside a sum stands of how many counties it is.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

from services.screening.campaigns.rules.counted import (
    LEAVES,
    STAGES,
    STATES,
    TOTAL,
    Counts,
    Frame,
    Mask,
    Numbers,
)
from services.screening.campaigns.rules.life import band_bounds


class TableName(StrEnum):
    """Every table that is published, by what it parts by."""

    COUNTY = "county"
    IMPLEMENTER = "implementer"
    AGE_BAND = "age_band"
    SEX = "sex"
    STAGE_ONE = "stage_one"
    STAGE_TWO = "stage_two"
    COUNTY_IMPLEMENTER = "county_implementer"
    COUNTY_AGE_BAND = "county_age_band"
    COUNTY_SEX = "county_sex"
    COUNTY_STAGE_ONE = "county_stage_one"
    COUNTY_STAGE_TWO = "county_stage_two"
    IMPLEMENTER_STAGE_ONE = "implementer_stage_one"
    IMPLEMENTER_STAGE_TWO = "implementer_stage_two"
    AGE_BAND_STAGE_ONE = "age_band_stage_one"
    AGE_BAND_STAGE_TWO = "age_band_stage_two"
    SEX_STAGE_ONE = "sex_stage_one"
    SEX_STAGE_TWO = "sex_stage_two"


ONE_WAY = tuple(table for table in TableName if table in ("county", *LEAVES, *STAGES))


class Row(NamedTuple):
    """One number of one table; what the table does not part by is None."""

    table: str
    county_terc: str | None = None
    implementer: str | None = None
    age_from: int | None = None
    age_below: int | None = None
    sex: str | None = None
    stage: int | None = None
    status: str | None = None
    subjects: int | None = None
    is_suppressed: bool = False
    counties: int | None = None
    distinct_counties: int | None = None
    released_at: datetime | None = None


def of_counties(numbers: Numbers, table: str) -> tuple[Counts, Mask]:
    """A table of each county, and of which counties it is told.

    The states of stage two are told for each outcome of stage one by itself: those that are told
    are summed.
    """
    if table != "stage_two":
        return numbers.counts[table], numbers.told[table]
    told = numbers.told[STATES]
    summed: Counts = (numbers.counts[STATES] * told[:, :, None]).sum(axis=1)
    anything: Mask = np.any(told, axis=1)
    return summed, anything


def in_all(numbers: Numbers, table: str) -> tuple[Counts, int]:
    """The sum of a table over the counties of which it is told, and how many these are."""
    counts, told = of_counties(numbers, table)
    return counts[told].sum(axis=0), int(told.sum())


def total_of(numbers: Numbers) -> int | None:
    """How many subjects there are in the counties of which that is told."""
    subjects, counties = in_all(numbers, TOTAL)
    return int(subjects) if counties or numbers.is_live else None


def distinct_counties(numbers: Numbers) -> int:
    """In how many of the counties that are told somebody was screened."""
    return int((numbers.told[TOTAL] & (numbers.counts[TOTAL] > 0)).sum())


def category_of(frame: Frame, dimension: str, place: int) -> dict[str, Any]:
    """A category of a dimension, as the columns of a row."""
    if dimension == "age_band":
        low, high = band_bounds(frame.edges, place)
        return {"age_from": low, "age_below": high}
    category = frame.categories[dimension][place]
    if dimension in STAGES:
        return {"stage": [*STAGES].index(dimension) + 1, "status": category}
    return {dimension: category}


def rows_of_table(numbers: Numbers, table: str) -> Iterator[Row]:
    """A published table, row by row."""
    if table == TableName.COUNTY:
        yield from _county_rows(numbers, table, TOTAL)
    elif table.startswith("county_"):
        yield from _county_rows(numbers, table, table.removeprefix("county_"))
    else:
        yield from _sums(numbers, table)


def _dimensions(table: str) -> tuple[str, ...]:
    """What a table of a county parts by."""
    names = (*LEAVES, *STAGES)
    return tuple(sorted((name for name in names if name in table), key=table.index))


def _cells(
    frame: Frame, table: str, counts: Counts
) -> Iterator[tuple[dict[str, Any], int]]:
    """Each number of a county's table, or of such tables' sum, with its categories as columns."""
    dimensions = _dimensions(table)
    parts = [
        [
            category_of(frame, dimension, place)
            for place in range(len(frame.categories[dimension]))
        ]
        for dimension in dimensions
    ]
    if not parts:
        yield {}, int(counts)
    elif len(parts) == 1:
        yield from zip(parts[0], counts.tolist(), strict=True)
    else:
        for row, numbers in zip(parts[0], counts.tolist(), strict=True):
            for column, number in zip(parts[1], numbers, strict=True):
                yield row | column, number


def _county_rows(numbers: Numbers, table: str, kept: str) -> Iterator[Row]:
    counts, told = of_counties(numbers, kept)
    moments = numbers.moments[STATES if kept == "stage_two" else kept]
    for place, county in enumerate(numbers.frame.counties):
        known: dict[str, Any] = {
            "released_at": moments[place],
            "is_suppressed": not told[place],
        }
        for parted, number in _cells(numbers.frame, kept, counts[place]):
            subjects = number if told[place] else None
            yield Row(table, county_terc=county, subjects=subjects, **parted, **known)


def _sums(numbers: Numbers, table: str) -> Iterator[Row]:
    summed, counties = in_all(numbers, table)
    is_told = counties > 0 or numbers.is_live
    distinct: list[int | None] = [None] * summed.size
    if table == TableName.IMPLEMENTER:
        counts, told = of_counties(numbers, table)
        distinct = (counts[told] > 0).sum(axis=0).tolist()
    known: dict[str, Any] = {"is_suppressed": not is_told, "counties": counties}
    cells = _cells(numbers.frame, table, summed)
    for (parted, number), of_it in zip(cells, distinct, strict=True):
        subjects = number if is_told else None
        yield Row(table, subjects=subjects, distinct_counties=of_it, **parted, **known)
