"""Norms: what a raw score is worth among children of the same age, sex and informant."""

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Annotated, NamedTuple

from pydantic import Field

from services.chassis.scalars import Count, Line, Number, Wire
from services.screening.instruments.rules.bands import BandTable, band_table, fits
from services.screening.instruments.rules.definitions import CutOffs, Months, ScaleCode
from services.screening.instruments.rules.items import Label, Words, label_of
from services.screening.instruments.rules.outcomes import Informant, Sex

_NORMAL = NormalDist()
CONFIDENCE = _NORMAL.inv_cdf(0.975)
_EXTREME = 6.0


class Sample(Wire):
    """The children whom the norms describe."""

    n: Annotated[Count, Field(ge=1)]
    year: Annotated[Count, Field(ge=1900, le=2200)]
    country: Line = Field(min_length=2, max_length=100)
    description: Words | None = None


class NormRow(Wire):
    """From this raw score upwards, until the next row. Scores that are left out follow from the others."""

    at_least: Number
    z: Number | None = Field(default=None, ge=-10, le=10)
    t: Number | None = Field(default=None, ge=-50, le=150)
    sten: Count | None = Field(default=None, ge=1, le=10)
    stanine: Count | None = Field(default=None, ge=1, le=9)
    percentile: Number | None = Field(default=None, ge=0, le=100)


class NormTable(Wire):
    """The norms of one scale for one group of children: mean and SD, or rows by raw score."""

    scale: ScaleCode
    age_from: Months | None = Field(default=None, description="inclusive")
    age_to: Months | None = Field(default=None, description="exclusive")
    sex: Sex | None = None
    informant: Informant | None = None
    n: Count | None = Field(default=None, ge=1)
    mean: Number | None = None
    sd: Number | None = Field(default=None, gt=0)
    reliability: Number | None = Field(default=None, ge=0, le=1)
    rows: list[NormRow] = Field(default_factory=list, max_length=500)


class NormDocument(Wire):
    """A set of norms and cut-offs for one instrument version."""

    title: Words
    sample: Sample | None = None
    source: Words | None = Field(default=None, description="where they were published")
    norms: list[NormTable] = Field(default_factory=list, max_length=1000)
    cut_offs: list[CutOffs] = Field(default_factory=list, max_length=1000)


class NormScores(NamedTuple):
    """One raw score on the usual scales, with the interval in which the true score lies 95 times of 100."""

    z: float | None
    t: float | None
    sten: int | None
    stanine: int | None
    percentile: float | None
    low: float | None = None
    high: float | None = None


class Norms(NamedTuple):
    """A norm set, compiled. `label` names its version in results."""

    label: str
    tables: dict[str, tuple[NormTable, ...]]
    cut_offs: dict[str, tuple[BandTable, ...]]
    bands: dict[tuple[str, str], Label]


def compile_norms(document: NormDocument, label: str) -> Norms:
    """A norm set by scale."""
    tables: dict[str, list[NormTable]] = {}
    for table in document.norms:
        tables.setdefault(table.scale, []).append(table)
    cut_offs: dict[str, list[BandTable]] = {}
    for given in document.cut_offs:
        cut_offs.setdefault(given.scale, []).append(band_table(given))
    return Norms(
        label,
        {scale: tuple(found) for scale, found in tables.items()},
        {scale: tuple(found) for scale, found in cut_offs.items()},
        {
            (given.scale, band.code): label_of(band.label, band.code)
            for given in document.cut_offs
            for band in given.bands
        },
    )


def norm_scores(
    tables: Sequence[NormTable], raw: float, age_months: int, sex: str, informant: str
) -> NormScores | None:
    """What a raw score is worth for this child; None when no norms hold for it."""
    table = next(
        (table for table in tables if fits(table, age_months, sex, informant)), None
    )
    if table is None:
        return None
    row = next((row for row in reversed(table.rows) if row.at_least <= raw), None)
    if row is not None:
        scores = _of_row(row)
    elif table.mean is not None and table.sd is not None and not table.rows:
        scores = scores_of_z((raw - table.mean) / table.sd)
    else:
        return None
    if table.sd is None or table.reliability is None:
        return scores
    margin = CONFIDENCE * standard_error(table.sd, table.reliability)
    return scores._replace(low=round(raw - margin, 2), high=round(raw + margin, 2))


@lru_cache(maxsize=8192)
def scores_of_z(z: float) -> NormScores:
    """T = 50 + 10 z; sten = 5.5 + 2 z (1–10) and stanine = 5 + 2 z (1–9), rounded half up; percentile = 100 Φ(z)."""
    bounded = min(max(z, -_EXTREME), _EXTREME)
    sten = min(max(math.floor(2 * bounded + 6), 1), 10)
    stanine = min(max(math.floor(2 * bounded + 5.5), 1), 9)
    return NormScores(
        round(z, 4),
        round(50 + 10 * z, 2),
        sten,
        stanine,
        round(100 * _NORMAL.cdf(bounded), 2),
    )


def _of_row(row: NormRow) -> NormScores:
    z = row.z
    if z is None and row.t is not None:
        z = (row.t - 50) / 10
    if z is None and row.percentile is not None and 0 < row.percentile < 100:
        z = _NORMAL.inv_cdf(row.percentile / 100)
    derived = (
        scores_of_z(z) if z is not None else NormScores(None, None, None, None, None)
    )
    given = {
        name: getattr(row, name) for name in ("z", "t", "sten", "stanine", "percentile")
    }
    return derived._replace(
        **{name: value for name, value in given.items() if value is not None}
    )


def standard_error(sd: float, reliability: float) -> float:
    """The standard error of measurement, SD·√(1 − r), in points of the raw score."""
    return sd * math.sqrt(1 - reliability)


def reliable_change(
    before: float, after: float, sd: float, reliability: float
) -> float:
    """The reliable change index (Jacobson and Truax): the difference in standard errors of a difference.

    Beyond ±1.96 chance alone explains it 5 times of 100. Infinite when the scale is free of error.
    """
    error = math.sqrt(2) * standard_error(sd, reliability)
    if error == 0:
        return 0.0 if after == before else math.copysign(math.inf, after - before)
    return (after - before) / error
