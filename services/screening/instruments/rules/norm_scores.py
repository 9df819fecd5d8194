"""Standard scores: the norm scores of a raw score by one table of norms."""

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
"""Beyond this z a percentile is 0 or 100 at every digit that is shown.

The bound also excludes infinite values.
"""
_HALF = Fraction(11, 2)
# For each table: in practice a scale has fewer distinct raw scores.
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
    """A compiled table of norms: for whom it holds, and the norm scores of a raw score.

    `scores_of` returns None below the first row.
    """

    age_from: int | None
    age_to: int | None
    sex: str | None
    informant: str | None
    scores_of: Callable[[Exact], NormScores | None]


def scores_by_rows(
    edges: Sequence[Exact], row_at: Callable[[int], NormScores], margin: float | None
) -> Callable[[Exact], NormScores | None]:
    """A function from raw to norm scores, by rows with ascending edges; `margin` is
    half the interval.
    """

    def scores_of(raw: Exact) -> NormScores | None:
        above = bisect_right(edges, raw)
        return _with_interval(row_at(above - 1), raw, margin) if above else None

    return lru_cache(_SCORES_KEPT)(scores_of)


def scores_by_mean(
    mean: Exact, sd: Exact, margin: float | None
) -> Callable[[Exact], NormScores | None]:
    """A function from raw to norm scores, by mean and SD; `margin` is half the interval."""

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
    """The norm scores of a raw score among children of the same age, sex and informant.

    None when no table holds for the child, or the score is below its first row.
    """
    table = fitting(tables, age_months, sex, informant)
    return None if table is None else table.scores_of(raw)


@lru_cache(maxsize=8192)
def scores_of_z(z: Exact) -> NormScores:
    """The standard scores of a z score; all but the percentile are linear in it.

    T = 50 + 10 z; sten = 5.5 + 2 z (1 to 10) and stanine = 5 + 2 z (1 to 9), all of
    them rounded half up; percentile = 100 Φ(z), with Φ the distribution function of the
    standard normal distribution.
    """
    bounded = min(max(float(z), -_EXTREME), _EXTREME)
    # Rounding half up is the floor after adding 0.5: hence 5.5 + 0.5 and 5 + 0.5.
    sten = min(max(math.floor(2 * z) + 6, 1), 10)
    stanine = min(max(math.floor(2 * z + _HALF), 1), 9)
    return NormScores(
        half_up(z, 4),
        half_up(50 + 10 * z, 2),
        sten,
        stanine,
        round(100 * NORMAL.cdf(bounded), 2),
    )
