"""What is counted of a campaign, county by county, as tables. Pure.

A table has a place for every category that a child can be of; its first dimension is the county. Whoever may not read
the screenings of a county is told of it what was released, table by table; `told` says of which counties.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.screening.instruments.rules.outcomes import Sex

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
OUTCOMES = ("negative", "undetermined", "positive")
STAGE_ONE = ("none", "incomplete", *OUTCOMES)
STAGE_TWO = ("not_selected", "not_started", "incomplete", *OUTCOMES)
SEXES = tuple(sex.value for sex in Sex)
LEAVES = ("implementer", "age_band", "sex")
STAGES = {"stage_one": STAGE_ONE, "stage_two": STAGE_TWO}
TOTAL = "total"
STATES = "stage_one_stage_two"
"""The states of stage two within each outcome of stage one."""
TABLES: Mapping[str, tuple[str, ...]] = {
    TOTAL: (),
    **{name: (name,) for name in (*LEAVES, "stage_one")},
    STATES: ("stage_one", "stage_two"),
    **{f"{leaf}_{stage}": (leaf, stage) for leaf in LEAVES for stage in STAGES},
}
"""Every table of a county, by its dimensions."""


class RollUp(NamedTuple):
    """The roll-up of a campaign, column by column."""

    county: Sequence[str]
    implementer: Sequence[str]
    age_band: Sequence[int] | Counts
    sex: Sequence[str]
    stage_one: Sequence[str]
    stage_two: Sequence[str]
    subjects: Sequence[int] | Counts

    @classmethod
    def from_texts(cls, texts: Iterable[str | None]) -> "RollUp":
        """From its columns as texts of a line each: thousands of single values would cost more."""
        county, implementer, age_band, sex, stage_one, stage_two, subjects = (
            text or "" for text in texts
        )
        words = (
            text.split("\n") if text else []
            for text in (county, implementer, sex, stage_one, stage_two)
        )
        numbers = (
            np.fromstring(text, np.int64, sep="\n") for text in (age_band, subjects)
        )
        counties, implementers, sexes, first, second = words
        ages, counts = numbers
        return cls(counties, implementers, ages, sexes, first, second, counts)


@dataclass(frozen=True)
class Frame:
    """What a campaign parts by: the counties that are listed, its implementers, its ages."""

    counties: Sequence[str]
    implementers: Sequence[str]
    edges: Sequence[int]

    @property
    def categories(self) -> Mapping[str, Sequence[Any]]:
        """The categories of each dimension."""
        bands = range(len(self.edges) + 1)
        return {
            "implementer": self.implementers,
            "age_band": bands,
            "sex": SEXES,
            **STAGES,
        }

    def shape(self, table: str) -> tuple[int, ...]:
        """The shape of a county's table."""
        return tuple(len(self.categories[dimension]) for dimension in TABLES[table])


Moment = datetime | None


@dataclass(frozen=True)
class Numbers:
    """The tables of each listed county, of which of them each is told, and as of when.

    What is told of `STATES` is said for each outcome of stage one. Of `live` counties everything is
    told as it is now; `is_live` when all that is counted is.
    """

    frame: Frame
    counts: Mapping[str, Counts]
    told: Mapping[str, Mask]
    moments: Mapping[str, list[Moment]]
    live: Mask
    is_live: bool = False


def nothing_told(frame: Frame) -> Numbers:
    """Tables of which nothing is told."""
    here = len(frame.counties)
    counts = {
        table: np.zeros((here, *frame.shape(table)), np.int64) for table in TABLES
    }
    told = {table: np.zeros(here, np.bool_) for table in TABLES}
    told[STATES] = np.zeros((here, len(STAGE_ONE)), np.bool_)
    moments: dict[str, list[Moment]] = {table: [None] * here for table in TABLES}
    return Numbers(frame, counts, told, moments, np.zeros(here, np.bool_))


def counted(rolled: RollUp, frame: Frame) -> dict[str, Counts]:
    """Every table of each county of a roll-up; the frame has every county and implementer of it."""
    places = {
        "county": _places(rolled.county, frame.counties),
        "implementer": _places(rolled.implementer, frame.implementers),
        "age_band": np.array(rolled.age_band, np.int64),
        "sex": _places(rolled.sex, SEXES),
        **{
            stage: _places(getattr(rolled, stage), known)
            for stage, known in STAGES.items()
        },
    }
    subjects, found = np.array(rolled.subjects, np.int64), {}
    for table, dimensions in TABLES.items():
        shape = (len(frame.counties), *frame.shape(table))
        place = places["county"]
        for dimension, size in zip(dimensions, shape[1:], strict=True):
            place = place * size + places[dimension]
        sums = np.bincount(place, subjects, minlength=int(np.prod(shape)))
        found[table] = sums.astype(np.int64).reshape(shape)
    return found


def _places(values: Sequence[str], known: Sequence[str]) -> Counts:
    place = {value: number for number, value in enumerate(known)}
    return np.fromiter(map(place.__getitem__, values), np.int64, len(values))


def with_live(numbers: Numbers, rolled: RollUp, counties: Iterable[str]) -> Numbers:
    """The same, with these counties as they are now."""
    live = np.isin(np.array(numbers.frame.counties, dtype=str), [*counties])
    now = counted(rolled, numbers.frame)
    return replace(
        numbers,
        counts={
            table: np.where(_along(live, old), now[table], old)
            for table, old in numbers.counts.items()
        },
        told={table: mask | _along(live, mask) for table, mask in numbers.told.items()},
        moments={
            table: [
                None if now else moment for moment, now in zip(of_it, live, strict=True)
            ]
            for table, of_it in numbers.moments.items()
        },
        live=live,
    )


def all_live(rolled: RollUp, frame: Frame) -> Numbers:
    """Every table as it is now."""
    return replace(with_live(nothing_told(frame), rolled, frame.counties), is_live=True)


def _along(counties: Mask, table: Counts | Mask) -> Mask:
    along: Mask = counties.reshape(-1, *(1,) * (table.ndim - 1))
    return along
