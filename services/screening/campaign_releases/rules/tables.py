"""The tables of a campaign as readers see them, row by row. Pure.

A number of several counties is the sum of their published numbers only, so that no
subtraction reveals a suppressed number. Each sum comes with the number of
counties in it.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from services.screening.campaign_releases.rules.county_tables import (
    BOTH_STAGES,
    BREAKDOWNS,
    STAGES,
    TABLES,
    TOTAL,
    Frame,
    Mask,
)
from services.screening.campaign_releases.rules.published import PublishedTables
from services.screening.campaigns.rules.disclosure import Counts
from services.screening.campaigns.rules.life import band_bounds


class TableName(StrEnum):
    """The tables that are published, each named by its dimensions."""

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
    AGE_BAND_SEX_STAGE_ONE = "age_band_sex_stage_one"
    AGE_BAND_SEX_STAGE_TWO = "age_band_sex_stage_two"


ONE_WAY = tuple(
    table for table in TableName if table in ("county", *BREAKDOWNS, *STAGES)
)


class TableRow(NamedTuple):
    """One number of one table; dimensions that the table lacks are None."""

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


def of_counties(tables: PublishedTables, name: str) -> tuple[Counts, Mask]:
    """A table of each county, and the mask of the counties that publish it.

    Stage two is published separately for each outcome of stage one, so it is the sum
    over the outcomes for which it is published.
    """
    if name != "stage_two":
        return tables.counts[name], tables.published[name]
    published = tables.published[BOTH_STAGES]
    counts = tables.counts[BOTH_STAGES] * published[:, :, None]
    summed: Counts = counts.sum(axis=1)
    of_any_outcome: Mask = np.any(published, axis=1)
    return summed, of_any_outcome


def sum_over_counties(tables: PublishedTables, name: str) -> tuple[Counts, int]:
    """The sum of a table over the counties that publish it, and how many these are."""
    counts, published = of_counties(tables, name)
    return counts[published].sum(axis=0), int(published.sum())


def total_of(tables: PublishedTables) -> int | None:
    """How many subjects the counties with a published total have; None without such a county."""
    subjects, counties = sum_over_counties(tables, TOTAL)
    return int(subjects) if counties or tables.is_live else None


def distinct_counties(tables: PublishedTables) -> int:
    """How many counties have a published total that is not 0."""
    return int((tables.published[TOTAL] & (tables.counts[TOTAL] > 0)).sum())


def category_of(frame: Frame, dimension: str, place: int) -> dict[str, Any]:
    """The fields that name a category of a dimension in a row."""
    if dimension == "age_band":
        age_from, age_below = band_bounds(frame.edges, place)
        return {"age_from": age_from, "age_below": age_below}
    category = frame.categories[dimension][place]
    if dimension in STAGES:
        return {"stage": [*STAGES].index(dimension) + 1, "status": category}
    return {dimension: category}


def rows_of_table(tables: PublishedTables, name: str) -> Iterator[TableRow]:
    """A table, row by row."""
    if name == TableName.COUNTY:
        yield from _county_rows(tables, name, TOTAL)
    elif name.startswith("county_"):
        yield from _county_rows(tables, name, name.removeprefix("county_"))
    else:
        yield from _sum_rows(tables, name)


def _cells(
    frame: Frame, table: str, counts: Counts
) -> Iterator[tuple[dict[str, Any], int]]:
    """Each cell of a table: its categories as the fields of a row, and its number."""
    # `stage_two` is a sum of parts of a table and not in TABLES: its name is
    # its only dimension.
    dimensions = TABLES.get(table, (table,))
    categories = [
        [
            category_of(frame, dimension, place)
            for place in range(len(frame.categories[dimension]))
        ]
        for dimension in dimensions
    ]
    # The last dimension varies fastest, in the product as in the array.
    for fields, number in zip(product(*categories), counts.flat, strict=True):
        cell_fields: dict[str, Any] = {}
        for category in fields:
            cell_fields |= category
        yield cell_fields, int(number)


def _county_rows(
    tables: PublishedTables, name: str, county_table: str
) -> Iterator[TableRow]:
    counts, published = of_counties(tables, county_table)
    # Stage two is a sum of parts of BOTH_STAGES, so it has that table's
    # time of release.
    source = BOTH_STAGES if county_table == "stage_two" else county_table
    moments = tables.released_at[source]
    for place, county in enumerate(tables.frame.counties):
        is_published = bool(published[place])
        for categories, number in _cells(tables.frame, county_table, counts[place]):
            yield TableRow(
                name,
                county_terc=county,
                subjects=number if is_published else None,
                is_suppressed=not is_published,
                released_at=moments[place],
                **categories,
            )


def _sum_rows(tables: PublishedTables, name: str) -> Iterator[TableRow]:
    summed, counties = sum_over_counties(tables, name)
    is_published = counties > 0 or tables.is_live
    distinct: list[int | None] = [None] * summed.size
    if name == TableName.IMPLEMENTER:
        counts, published = of_counties(tables, name)
        distinct = (counts[published] > 0).sum(axis=0).tolist()
    cells = _cells(tables.frame, name, summed)
    for (categories, number), in_counties in zip(cells, distinct, strict=True):
        yield TableRow(
            name,
            subjects=number if is_published else None,
            is_suppressed=not is_published,
            counties=counties,
            distinct_counties=in_counties,
            **categories,
        )
