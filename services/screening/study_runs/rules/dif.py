"""Differential item functioning: whether an item works differently in two groups of the same level.

With a positive delta, difference or log odds the focal group scores higher than its
level explains.
"""

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from services.screening.study_runs.rules.estimates import (
    Estimate,
    Flags,
    Numbers,
    by_log,
)

Levels = NDArray[np.int64]
"""The level of each person (0, 1, …): persons with the same sum have the same level."""
Grade = Literal["A", "B", "C"] | None
"""A: negligible, B: moderate, C: large; None without a finite effect size."""
SIGNIFICANCE = 0.05
DELTA_PER_LOG_ODDS = 2.35
"""The factor of the delta scale of the Educational Testing Service.

There it has a minus sign, because its odds are those of the reference group against the
focal group.
"""
MODERATE_DELTA, LARGE_DELTA = 1.0, 1.5
MODERATE_DIFFERENCE, LARGE_DIFFERENCE = 0.17, 0.25


class MantelHaenszel(NamedTuple):
    """The odds of the focal group against the reference group at the same level, with
    their class.
    """

    odds_ratio: Estimate
    chi_square: float
    p_value: float
    delta: float
    grade: Grade


def mantel_haenszel(tables: Numbers) -> MantelHaenszel:
    """The Mantel–Haenszel statistics of counts, levels × [[focal 1, focal 0],
    [reference 1, reference 0]].

    Odds ratio of Mantel and Haenszel (1959) with the variance of Robins, Breslow and
    Greenland (1986), chi-square with continuity correction, delta and the classes A, B,
    C of the Educational Testing Service (Holland and Thayer 1988). If only one group
    passes, or only one fails, the odds ratio is 0 or not finite, and there is no class.
    """
    # A level with one person compares nothing; its variance would divide by n − 1 = 0.
    usable_tables = tables[tables.sum(axis=(1, 2)) > 1]
    odds, error = _common_odds(usable_tables)
    is_known = 0 < odds.value < math.inf
    delta = DELTA_PER_LOG_ODDS * (math.log(odds.value) if is_known else math.nan)
    chi_square = _chi_square(usable_tables)
    p_value = float(special.chdtrc(1, chi_square))
    grade = ets_class(delta, DELTA_PER_LOG_ODDS * error, p_value)
    return MantelHaenszel(odds, chi_square, p_value, delta, grade)


def _common_odds(tables: Numbers) -> tuple[Estimate, float]:
    """The common odds ratio of all levels, and the standard error of its logarithm."""
    a, b, c, d = tables.reshape(-1, 4).T
    n = a + b + c + d
    r, s = a * d / n, b * c / n
    p, q = (a + d) / n, (b + c) / n
    ratio = _over(r.sum(), s.sum())
    of_focal = _over((p * r).sum(), 2 * r.sum() ** 2)
    of_reference = _over((q * s).sum(), 2 * s.sum() ** 2)
    of_both = _over((p * s + q * r).sum(), 2 * r.sum() * s.sum())
    error = math.sqrt(of_focal + of_reference + of_both)
    if not math.isfinite(error):
        return Estimate(ratio), error
    return by_log(ratio, error**2), error


def _chi_square(tables: Numbers) -> float:
    """The chi-square of how much more or less often the focal group passes than its levels explain.

    It has a continuity correction and one degree of freedom.
    """
    a, b, c, d = tables.reshape(-1, 4).T
    n = a + b + c + d
    focal, passed = a + b, a + c
    variance = (focal * (c + d) * passed * (b + d) / (n**2 * (n - 1))).sum()
    excess = abs(float((a - focal * passed / n).sum()))
    return _over(max(0.0, excess - 0.5) ** 2, variance)


def _over(top: float, bottom: float) -> float:
    """A quotient; NaN unless the divisor is positive."""
    return float(top / bottom) if bottom > 0 else math.nan


def ets_class(delta: float, error: float, p_value: float) -> Grade:
    """A: |delta| below 1 or not significant; C: from 1.5 and significantly above 1.

    Else B. None without a delta.
    """
    size = abs(delta)
    # "A" would mean no difference, although the difference may be as large as possible.
    if not math.isfinite(delta):
        return None
    if size < MODERATE_DELTA or p_value >= SIGNIFICANCE:
        return "A"
    exceeds = (size - MODERATE_DELTA) / error > special.ndtri(1 - SIGNIFICANCE)
    return "C" if size >= LARGE_DELTA and exceeds else "B"


class Mantel(NamedTuple):
    """An item with ordered scores: the mean of the focal group against that of the reference group.

    They are compared level by level (Mantel 1963).

    `standardised` is the weighted mean difference in units of the item's standard
    deviation; its classes are those of Zwick, Thayer and Mazzeo (1997): below 0.17 A,
    from 0.25 C, and A whenever the chi-square is not significant.
    """

    chi_square: float
    p_value: float
    standardised: float
    grade: Grade


def mantel(scores: Numbers, focal: Flags, level: Levels) -> Mantel:
    """The Mantel statistics of one item, from the score, the group and the level of each person."""
    k = int(level.max()) + 1
    n = np.bincount(level, minlength=k).astype(float)
    f = np.bincount(level, focal, minlength=k)
    sums = np.bincount(level, scores, minlength=k)
    squares = np.bincount(level, scores**2, minlength=k)
    of_focal = np.bincount(level, scores * focal, minlength=k)
    # A level with only one of the groups compares nothing.
    has_both_groups = (f > 0) & (n > f)
    n, f, sums, squares, of_focal = (
        column[has_both_groups] for column in (n, f, sums, squares, of_focal)
    )
    r = n - f
    variance = (f * r * (n * squares - sums**2) / (n**2 * (n - 1))).sum()
    chi_square = _over(float((of_focal - f * sums / n).sum()) ** 2, variance)
    p_value = float(special.chdtrc(1, chi_square))
    gap = math.nan
    if len(f):
        gap = float((f / f.sum() * (of_focal / f - (sums - of_focal) / r)).sum())
    standardised = _over(gap, float(scores.std(ddof=1)))
    return Mantel(
        chi_square, p_value, standardised, _mantel_grade(standardised, p_value)
    )


def _mantel_grade(standardised: float, p_value: float) -> Grade:
    size = abs(standardised)
    if not math.isfinite(standardised):
        return None
    if size < MODERATE_DIFFERENCE or p_value >= SIGNIFICANCE:
        return "A"
    return "C" if size >= LARGE_DIFFERENCE else "B"


def tables_by_level(passed: Flags, focal: Flags, level: Levels) -> Numbers:
    """Counts by level, by group (focal first) and by whether the item was passed (yes first)."""
    k = int(level.max()) + 1
    cell = level * 4 + (~focal) * 2 + ~passed
    return np.bincount(cell, minlength=4 * k).reshape(k, 2, 2).astype(float)
