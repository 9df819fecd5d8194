"""The tables of a campaign as they are published: from the roll-up, with what is hidden left out. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from services.screening.campaigns.rules.life import band_bounds
from services.screening.campaigns.rules.shares import Share, share_of
from services.screening.campaigns.rules.suppression import (
    AGE_BAND,
    COUNTY,
    IMPLEMENTER,
    SEX,
    STATUS,
    Counts,
    Group,
    Hiding,
    hide,
)
from services.screening.instruments.rules.outcomes import Sex

OUTCOMES = ("negative", "undetermined", "positive")
STAGE_ONE = ("none", "incomplete", *OUTCOMES)
STAGE_TWO = ("not_selected", "not_started", "incomplete", *OUTCOMES)
SEXES = tuple(sex.value for sex in Sex)
VIEWS: tuple[Counts, Counts] = (
    np.repeat(np.eye(len(STAGE_ONE), dtype=np.int64), len(STAGE_TWO), axis=0),
    np.tile(np.eye(len(STAGE_TWO), dtype=np.int64), (len(STAGE_ONE), 1)),
)
DIMENSIONS = {
    "county": COUNTY,
    "implementer": IMPLEMENTER,
    "age_band": AGE_BAND,
    "sex": SEX,
}
STAGES = {"stage_one": STAGE_ONE, "stage_two": STAGE_TWO}


class RollUp(NamedTuple):
    """The roll-up of a campaign, column by column."""

    county: Sequence[str]
    implementer: Sequence[str]
    age_band: Sequence[int]
    sex: Sequence[str]
    stage_one: Sequence[str]
    stage_two: Sequence[str]
    subjects: Sequence[int]

    @classmethod
    def from_texts(cls, texts: Iterable[str | None]) -> "RollUp":
        """From its columns as texts of a line each: thousands of single values would cost more than all else."""
        columns = [text.split("\n") if text else [] for text in texts]
        county, implementer, age_band, sex, stage_one, stage_two, subjects = columns
        return cls(
            county,
            implementer,
            [*map(int, age_band)],
            sex,
            stage_one,
            stage_two,
            [*map(int, subjects)],
        )


@dataclass(frozen=True)
class Published:
    """All that is published of a campaign. A number that is hidden is None."""

    hiding: Hiding
    counties: Sequence[str]
    implementers: Sequence[str]
    edges: Sequence[int]
    is_partial: bool = False
    """Whether more may have been counted than is told."""

    @property
    def total(self) -> int | None:
        """How many subjects there are."""
        return None if self.hiding.is_total_hidden else int(self.hiding.counts.sum())

    def values(self, axis: int) -> Sequence[Any]:
        """The categories of a dimension, as they are told."""
        bands = range(len(self.edges) + 1)
        return {
            COUNTY: self.counties,
            IMPLEMENTER: self.implementers,
            AGE_BAND: bands,
            SEX: SEXES,
        }[axis]

    def of_one(self, axis: int, view: int = 0) -> list[int | None]:
        """The numbers of one dimension."""
        hidden = self.hiding.margins[axis, view]
        return [
            None if gone or self.hiding.is_total_hidden else int(number)
            for number, gone in zip(self.hiding.margin(axis, view), hidden, strict=True)
        ]

    def of_two(self, group: Group, view: int = 0) -> list[list[int | None]]:
        """The numbers of a table, row by row."""
        hidden = self.hiding.hidden_cells(group, view)
        return [
            [
                None if gone else int(number)
                for number, gone in zip(row, away, strict=True)
            ]
            for row, away in zip(self.hiding.table(group, view), hidden, strict=True)
        ]

    @cached_property
    def counties_of_implementers(self) -> list[int]:
        """In how many distinct counties each implementer screened (N2: distinct ones are never added up)."""
        return [
            int(number)
            for number in (self.hiding.table((COUNTY, IMPLEMENTER)) > 0).sum(axis=0)
        ]

    @property
    def distinct_counties(self) -> int:
        """In how many distinct counties somebody was screened."""
        return int((self.hiding.margin(COUNTY) > 0).sum())


def published(rolled: RollUp, edges: Sequence[int], small_cell: int) -> Published:
    """What is published of a roll-up."""
    counties, implementers = sorted({*rolled.county}), sorted({*rolled.implementer})
    shape = (
        len(counties),
        len(implementers),
        len(edges) + 1,
        len(SEXES),
        len(STAGE_ONE) * len(STAGE_TWO),
    )
    status = _places(rolled.stage_one, STAGE_ONE) * len(STAGE_TWO) + _places(
        rolled.stage_two, STAGE_TWO
    )
    places = (
        _places(rolled.county, counties),
        _places(rolled.implementer, implementers),
        np.array(rolled.age_band, dtype=np.int64),
        _places(rolled.sex, SEXES),
        status,
    )
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts, places, np.array(rolled.subjects, dtype=np.int64))
    return Published(hide(counts, VIEWS, small_cell), counties, implementers, edges)


def _places(values: Sequence[str], known: Sequence[str]) -> Counts:
    place = {value: number for number, value in enumerate(known)}
    return np.fromiter(map(place.__getitem__, values), np.int64, len(values))


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
    distinct_counties: int | None = None


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


ONE_WAY = tuple(table for table in TableName if table in (*DIMENSIONS, *STAGES))


def rows_of_table(found: Published, table: str) -> Iterator[Row]:
    """A published table, row by row."""
    if table in STAGES:
        yield from _stage_rows(found, table)
    elif table in DIMENSIONS:
        yield from _dimension_rows(found, table)
    elif table.endswith(("stage_one", "stage_two")):
        name, stage = next(
            (name, stage)
            for name in DIMENSIONS
            for stage in STAGES
            if table == f"{name}_{stage}"
        )
        yield from _table_rows(found, table, (DIMENSIONS[name], STATUS), stage)
    else:
        yield from _table_rows(
            found, table, (COUNTY, DIMENSIONS[table.removeprefix("county_")]), None
        )


def _told(found: Published, axis: int, place: int) -> dict[str, Any]:
    """A category of a dimension, as the columns of a row."""
    if axis == AGE_BAND:
        low, high = band_bounds(found.edges, place)
        return {"age_from": low, "age_below": high}
    name = {COUNTY: "county_terc", IMPLEMENTER: "implementer", SEX: "sex"}[axis]
    return {name: found.values(axis)[place]}


def _number(subjects: int | None) -> dict[str, Any]:
    return {"subjects": subjects, "is_suppressed": subjects is None}


def _stage_rows(found: Published, stage: str) -> Iterator[Row]:
    view = [*STAGES].index(stage)
    for status, subjects in zip(STAGES[stage], found.of_one(STATUS, view), strict=True):
        yield Row(stage, stage=view + 1, status=status, **_number(subjects))


def _dimension_rows(found: Published, name: str) -> Iterator[Row]:
    axis = DIMENSIONS[name]
    for place, subjects in enumerate(found.of_one(axis)):
        counties = (
            found.counties_of_implementers[place] if axis == IMPLEMENTER else None
        )
        yield Row(
            name,
            **_told(found, axis, place),
            **_number(subjects),
            distinct_counties=counties,
        )


def _table_rows(
    found: Published, table: str, group: Group, stage: str | None
) -> Iterator[Row]:
    view = [*STAGES].index(stage) if stage else 0
    for place, numbers in enumerate(found.of_two(group, view)):
        row = _told(found, group[0], place)
        for other, subjects in enumerate(numbers):
            column = (
                {"stage": view + 1, "status": STAGES[stage][other]}
                if stage
                else _told(found, group[1], other)
            )
            yield Row(table, **row, **column, **_number(subjects))


class Steps(NamedTuple):
    """How far the subjects of one place, sex or age have come; a number that is hidden is None."""

    started: int | None
    complete: int | None
    positive: int | None
    selected: int | None
    stage_two_complete: int | None


def _sum(*numbers: int | None) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _less(whole: int | None, *parts: int | None) -> int | None:
    away = _sum(*parts)
    return None if whole is None or away is None else whole - away


def _first(*numbers: int | None) -> int | None:
    return next((number for number in numbers if number is not None), None)


def steps_of(
    whole: int | None, one: Sequence[int | None], two: Sequence[int | None]
) -> Steps:
    """The steps that follow from published numbers: those of stage one, and those of stage two."""
    return Steps(
        started=_first(_sum(*one[1:]), _less(whole, one[0])),
        complete=_first(_sum(*one[2:]), _less(whole, *one[:2])),
        positive=one[STAGE_ONE.index("positive")],
        selected=_first(_sum(*two[1:]), _less(whole, two[0])),
        stage_two_complete=_first(_sum(*two[3:]), _less(whole, *two[:3])),
    )


def steps_in_all(found: Published) -> Steps:
    """The steps of the whole campaign."""
    return steps_of(found.total, found.of_one(STATUS, 0), found.of_one(STATUS, 1))


def steps_by(found: Published, name: str) -> list[tuple[dict[str, Any], Steps]]:
    """The steps of each county, implementer, age band or sex."""
    axis = DIMENSIONS[name]
    wholes, ones, twos = (
        found.of_one(axis),
        found.of_two((axis, STATUS), 0),
        found.of_two((axis, STATUS), 1),
    )
    return [
        (_told(found, axis, place), steps_of(whole, one, two))
        for place, (whole, one, two) in enumerate(zip(wholes, ones, twos, strict=True))
    ]


def shares_of(steps: Steps) -> Mapping[str, Share | None]:
    """The shares that people ask for, with their intervals."""
    return {
        "positive_of_complete": share_of(steps.positive, steps.complete),
        "selected_of_complete": share_of(steps.selected, steps.complete),
        "stage_two_complete_of_selected": share_of(
            steps.stage_two_complete, steps.selected
        ),
    }
