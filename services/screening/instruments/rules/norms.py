"""Norms: what a raw score is worth among children of the same age, sex and informant."""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import Annotated, NamedTuple

from pydantic import Field

from services.chassis.ground.scalars import Count, Line, Number, Wire
from services.screening.instruments.rules.bands import (
    BandTable,
    band_labels,
    band_tables,
    fits,
)
from services.screening.instruments.rules.decimals import (
    Exact,
    divided,
    exact,
    half_up,
)
from services.screening.instruments.rules.definitions import CutOffs, Months, ScaleCode
from services.screening.instruments.rules.items import Label, Words
from services.screening.instruments.rules.outcomes import Informant, Sex

_NORMAL = NormalDist()
CONFIDENCE = _NORMAL.inv_cdf(0.975)
"""Standard errors on either side of a score that make an interval of 95 per cent."""

_EXTREME = 6.0
"""Beyond this z a percentile is 0 or 100 to any digit that is shown.

It also keeps infinities out.
"""


class Sample(Wire):
    """The children whom the norms describe."""

    n: Annotated[Count, Field(ge=1)]
    year: Annotated[Count, Field(ge=1900, le=2200)]
    country: Line = Field(min_length=2, max_length=100)
    description: Words | None = None


class NormRow(Wire):
    """From this raw score upwards, until the next row.

    Scores that are left out follow from the others.
    """

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
    """One raw score on the usual scales.

    `low` and `high` are the 95 % confidence interval of the true score, in raw points.
    """

    z: float | None
    t: float | None
    sten: int | None
    stanine: int | None
    percentile: float | None
    low: float | None = None
    high: float | None = None


class Norms(NamedTuple):
    """A norm set, compiled.

    Tables and cut-offs by scale, labels of bands by scale and band; `label` names the
    norm set in results.
    """

    label: str
    tables: dict[str, tuple[NormTable, ...]]
    cut_offs: dict[str, tuple[BandTable, ...]]
    bands: dict[tuple[str, str], Label]


def compile_norms(document: NormDocument, label: str) -> Norms:
    """A norm set as scoring looks it up."""
    tables: dict[str, list[NormTable]] = {}
    for table in document.norms:
        tables.setdefault(table.scale, []).append(table)
    return Norms(
        label,
        {scale: tuple(of_scale) for scale, of_scale in tables.items()},
        band_tables(document.cut_offs),
        band_labels(document.cut_offs),
    )


def norm_scores(
    tables: Sequence[NormTable], raw: Exact, age_months: int, sex: str, informant: str
) -> NormScores | None:
    """What a raw score is worth among children like this one.

    None when no table says so.
    """
    table = next(
        (table for table in tables if fits(table, age_months, sex, informant)), None
    )
    if table is None:
        return None
    # Rows ascend (`norm_contradictions`).
    row = next(
        (row for row in reversed(table.rows) if exact(row.at_least) <= raw), None
    )
    if row is not None:
        scores = _of_row(row)
    # Not below the first row of a table that has rows: what was published ends there.
    elif table.mean is not None and table.sd is not None and not table.rows:
        scores = scores_of_z(divided(raw - exact(table.mean), exact(table.sd)))
    else:
        return None
    if table.sd is None or table.reliability is None:
        return scores
    margin = CONFIDENCE * standard_error(table.sd, table.reliability)
    middle = float(raw)
    return scores._replace(
        low=round(middle - margin, 2), high=round(middle + margin, 2)
    )


@lru_cache(maxsize=8192)
def scores_of_z(z: Exact) -> NormScores:
    """The standard scores of a z score, all of them linear but the percentile.

    T = 50 + 10 z; sten = 5.5 + 2 z (1 to 10) and stanine = 5 + 2 z (1 to 9), all of
    them rounded half up; percentile = 100 Φ(z), with Φ the distribution function of the
    standard normal distribution.
    """
    bounded = min(max(float(z), -_EXTREME), _EXTREME)
    # Half up is the floor of half more: 5.5 + 0.5 and 5 + 0.5.
    sten = min(max(math.floor(2 * z) + 6, 1), 10)
    stanine = min(max(math.floor(2 * z + Fraction(11, 2)), 1), 9)
    return NormScores(
        half_up(z, 4),
        half_up(50 + 10 * z, 2),
        sten,
        stanine,
        round(100 * _NORMAL.cdf(bounded), 2),
    )


def _z_of_row(row: NormRow) -> Exact | None:
    if row.z is not None:
        return exact(row.z)
    if row.t is not None:
        return divided(exact(row.t) - 50, 10)
    # 0 and 100 have no z: they lie at minus and plus infinity.
    if row.percentile is not None and 0 < row.percentile < 100:
        return exact(_NORMAL.inv_cdf(row.percentile / 100))
    return None


def _of_row(row: NormRow) -> NormScores:
    """What the row holds, and what follows from its z, T or percentile for the rest."""
    z = _z_of_row(row)
    derived = (
        scores_of_z(z) if z is not None else NormScores(None, None, None, None, None)
    )
    return derived._replace(**row.model_dump(exclude={"at_least"}, exclude_none=True))


def standard_error(sd: float, reliability: float) -> float:
    """The standard error of measurement in raw points: SD·√(1 − reliability)."""
    return sd * math.sqrt(1 - reliability)


def reliable_change(
    before: float, after: float, sd: float, reliability: float
) -> float:
    """The reliable change index of Jacobson and Truax (1991).

    The difference of two scores in standard errors of a difference. Beyond ±1.96 chance
    alone explains 5 of 100 such changes. Infinite when the scale is free of error.
    """
    # The errors of two measurements add up: √(SE² + SE²).
    error = math.sqrt(2) * standard_error(sd, reliability)
    if error == 0:
        return 0.0 if after == before else math.copysign(math.inf, after - before)
    return (after - before) / error
