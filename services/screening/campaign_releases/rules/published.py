"""The numbers of a campaign as one reader gets them: live counties, and others as released. Pure.

A caller who may read the screenings of a county gets its current tables. Of other
counties every caller gets the tables as last released; a table that was never released
is suppressed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from services.screening.campaign_counts.rules import STAGE_ONE, RollUp
from services.screening.campaign_releases.rules.county_tables import (
    BOTH_STAGES,
    TABLES,
    Frame,
    Mask,
    tabulate,
)
from services.screening.campaigns.rules.disclosure import Counts

OUTCOME_TABLES = {
    f"stage_two_of_{outcome}": place for place, outcome in enumerate(STAGE_ONE)
}
"""The parts of BOTH_STAGES that are released separately, with the place of their outcome."""


class LastRelease(NamedTuple):
    """A table of a county as it was last released; its counts as in `ReleasedTable`."""

    county: str
    name: str
    counts: Any
    released_at: str


def counts_of(release: LastRelease, frame: Frame) -> Counts:
    """The cells of a released table; implementers that were added later have zeros."""
    if not isinstance(release.counts, dict):
        return np.array(release.counts, np.int64)
    empty = np.zeros(frame.shape(release.name)[1:], np.int64)
    rows = [release.counts.get(code, empty) for code in frame.implementers]
    return np.array(rows, np.int64)


@dataclass(frozen=True)
class PublishedTables:
    """The tables of each county, which of them are published, and when they were released.

    BOTH_STAGES is published separately for each outcome of stage one. All tables of a
    `live` county are current and have no time of release; `is_live` means that all
    counties are live.
    """

    frame: Frame
    counts: Mapping[str, Counts]
    published: Mapping[str, Mask]
    released_at: Mapping[str, list[datetime | None]]
    live: Mask
    is_live: bool = False


def nothing_published(frame: Frame) -> PublishedTables:
    """The tables of a campaign before its first release."""
    number = len(frame.counties)
    counts = {
        table: np.zeros((number, *frame.shape(table)), np.int64) for table in TABLES
    }
    # The zeros above are placeholders: sums and rows use only what these masks allow.
    published = {table: np.zeros(number, np.bool_) for table in TABLES}
    published[BOTH_STAGES] = np.zeros((number, len(STAGE_ONE)), np.bool_)
    never: dict[str, list[datetime | None]] = {
        table: [None] * number for table in TABLES
    }
    live = np.zeros(number, np.bool_)
    return PublishedTables(frame, counts, published, never, live)


def as_released(releases: Collection[LastRelease], frame: Frame) -> PublishedTables:
    """The tables as they were last released, side by side."""
    tables = nothing_published(frame)
    places = {county: place for place, county in enumerate(frame.counties)}
    for release in releases:
        county = places[release.county]
        table, place = _place_of(release.name, county)
        tables.counts[table][place] = counts_of(release, frame)
        tables.published[table][place] = True
        # A table of several parts has the age of its oldest part.
        moment = datetime.fromisoformat(release.released_at)
        moments = tables.released_at[table]
        moments[county] = min(moment, moments[county] or moment)
    return tables


def _place_of(name: str, county: int) -> tuple[str, tuple[int, ...]]:
    """The table that a released table is or belongs to, and its index in that table."""
    if name in OUTCOME_TABLES:
        return BOTH_STAGES, (county, OUTCOME_TABLES[name])
    return name, (county,)


def with_live(
    tables: PublishedTables, roll_up: RollUp, counties: Iterable[str]
) -> PublishedTables:
    """The same tables, with the current numbers for these counties."""
    # `dtype=str`: from an empty list numpy would make floats, which equal no code.
    live = np.isin(np.array(tables.frame.counties, dtype=str), [*counties])
    current = tabulate(roll_up, tables.frame)
    return replace(
        tables,
        counts={
            table: np.where(_along(live, counts), current[table], counts)
            for table, counts in tables.counts.items()
        },
        published={
            table: mask | _along(live, mask) for table, mask in tables.published.items()
        },
        released_at={
            table: [
                None if is_live else moment
                for moment, is_live in zip(moments, live, strict=True)
            ]
            for table, moments in tables.released_at.items()
        },
        live=live,
    )


def all_live(roll_up: RollUp, frame: Frame) -> PublishedTables:
    """The current tables of all counties."""
    tables = with_live(nothing_published(frame), roll_up, frame.counties)
    return replace(tables, is_live=True)


def last_released_at(tables: PublishedTables) -> datetime | None:
    """When the newest of the tables was released.

    None when all are live or none is published.
    """
    moments = [
        moment
        for of_counties in tables.released_at.values()
        for moment in of_counties
        if moment is not None
    ]
    return max(moments, default=None)


def _along(counties: Mask, table: Counts | Mask) -> Mask:
    """A mask of counties with as many dimensions as the table, so that numpy can broadcast it."""
    along: Mask = counties.reshape(-1, *(1,) * (table.ndim - 1))
    return along
