"""Standard scores: what a raw score is worth by one table of norms."""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from services.screening.instruments.rules.bands import fitting
from services.screening.instruments.rules.decimals import Exact, divided, half_up

NORMAL = NormalDist()
_EXTREME = 6.0
"""Beyond this z a percentile is 0 or 100 to any digit that is shown.

It also keeps infinities out.
"""
_HALF = Fraction(11, 2)
# Of one table: a scale has fewer raw scores that are found in practice.
_SCORES_KEPT = 512


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


class ScoreTable(NamedTuple):
    """A table of norms, compiled: for whom it holds, and what a raw score is worth.

    None below its first row.
    """

    age_from: int | None
    age_to: int | None
    sex: str | None
    informant: str | None
    scores_of: Callable[[Exact], NormScores | None]


def scores_by_rows(
    edges: Sequence[Exact], row_at: Callable[[int], NormScores], margin: float | None
) -> Callable[[Exact], NormScores | None]:
    """By rows that begin at ascending edges; `margin` is half of the interval."""

    def scores_of(raw: Exact) -> NormScores | None:
        above = bisect_right(edges, raw)
        return _with_interval(row_at(above - 1), raw, margin) if above else None

    return lru_cache(_SCORES_KEPT)(scores_of)


def scores_by_mean(
    mean: Exact, sd: Exact, margin: float | None
) -> Callable[[Exact], NormScores | None]:
    """By mean and standard deviation; `margin` is half of the interval."""

    def scores_of(raw: Exact) -> NormScores | None:
        return _with_interval(scores_of_z(divided(raw - mean, sd)), raw, margin)

    return lru_cache(_SCORES_KEPT)(scores_of)


def _with_interval(scores: NormScores, raw: Exact, margin: float | None) -> NormScores:
    if margin is None:
        return scores
    middle = float(raw)
    return scores._replace(
        low=round(middle - margin, 2), high=round(middle + margin, 2)
    )


def norm_scores(
    tables: Sequence[ScoreTable], raw: Exact, age_months: int, sex: str, informant: str
) -> NormScores | None:
    """What a raw score is worth among children like this one.

    None when no table says so.
    """
    table = fitting(tables, age_months, sex, informant)
    return None if table is None else table.scores_of(raw)


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
    stanine = min(max(math.floor(2 * z + _HALF), 1), 9)
    return NormScores(
        half_up(z, 4),
        half_up(50 + 10 * z, 2),
        sten,
        stanine,
        round(100 * NORMAL.cdf(bounded), 2),
    )
