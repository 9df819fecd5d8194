"""Whether an item works otherwise in one group than in another, for children of the same level.

A positive delta, difference or log odds says that the focal group is given higher scores than its level explains.
"""

import math
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from services.screening.studies.rules.estimates import Estimate, quantile

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Grade = Literal["A", "B", "C"]
ETS = -2.35
ROUNDS, CLOSE, STEEPEST = 50, 1e-9, 30.0


class MantelHaenszel(NamedTuple):
    """Odds of the focal group against the reference group, levels held; and how sure it is that they differ."""

    odds_ratio: Estimate
    chi_square: float
    p_value: float
    delta: float
    grade: Grade


def mantel_haenszel(tables: Numbers) -> MantelHaenszel:
    """Of levels × 2 × 2 counts [[focal 1, focal 0], [reference 1, reference 0]].

    Odds ratio of Mantel and Haenszel (1959) with the variance of Robins, Breslow and Greenland (1986), chi-square with
    continuity correction, delta and the classes A, B, C of the Educational Testing Service (Holland and Thayer 1988).
    """
    kept = tables[tables.sum(axis=(1, 2)) > 1]
    (a, b), (c, d) = (kept[:, 0, 0], kept[:, 0, 1]), (kept[:, 1, 0], kept[:, 1, 1])
    n = a + b + c + d
    r, s = a * d / n, b * c / n
    ratio = _over(r.sum(), s.sum())
    p, q = (a + d) / n, (b + c) / n
    terms = (
        _over((p * r).sum(), 2 * r.sum() ** 2),
        _over((q * s).sum(), 2 * s.sum() ** 2),
    )
    error = math.sqrt(sum(terms) + _over((p * s + q * r).sum(), 2 * r.sum() * s.sum()))
    focal, ones = a + b, a + c
    variance = float((focal * (c + d) * ones * (b + d) / (n**2 * (n - 1))).sum())
    off = abs(float((a - focal * ones / n).sum()))
    chi = max(0.0, off - 0.5) ** 2 / variance if variance > 0 else math.nan
    log = math.log(ratio) if 0 < ratio < math.inf else math.nan
    half = quantile() * error
    odds = (
        Estimate(ratio, math.exp(log - half), math.exp(log + half))
        if math.isfinite(error)
        else Estimate(ratio)
    )
    p_value, delta = float(special.chdtrc(1, chi)), -ETS * log
    return MantelHaenszel(
        odds, chi, p_value, delta, ets_class(delta, -ETS * error, p_value)
    )


def _over(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom > 0 else math.nan


def ets_class(delta: float, error: float, p_value: float) -> Grade:
    """A: no difference to speak of; C: |delta| of 1.5 or more and surely above 1; B: what lies between."""
    size = abs(delta)
    if not size >= 1 or p_value >= 0.05:
        return "A"
    return "C" if size >= 1.5 and (size - 1) / error > special.ndtri(0.95) else "B"


class Mantel(NamedTuple):
    """An item of ordered scores: the focal group's mean against the reference group's, levels held (Mantel 1963).

    `standardised` is the weighted mean difference in units of the item's standard deviation; its classes are those of
    Zwick, Thayer and Mazzeo (1997): below 0.17 A, from 0.25 C, and A whenever the chi-square is not significant.
    """

    chi_square: float
    p_value: float
    standardised: float
    grade: Grade


def mantel(scores: Numbers, focal: Flags, level: NDArray[np.int64]) -> Mantel:
    """Of one item's scores, group and level (0, 1, …) of each person."""
    k = int(level.max()) + 1
    n, f = (
        np.bincount(level, minlength=k).astype(float),
        np.bincount(level, focal, minlength=k),
    )
    sums = np.bincount(level, scores, minlength=k)
    squares = np.bincount(level, scores**2, minlength=k)
    of_focal = np.bincount(level, scores * focal, minlength=k)
    r = n - f
    both = (f > 0) & (r > 0)
    n, f, r, sums, squares, of_focal = (
        column[both] for column in (n, f, r, sums, squares, of_focal)
    )
    variance = float((f * r * (n * squares - sums**2) / (n**2 * (n - 1))).sum())
    chi = (
        float((of_focal - f * sums / n).sum()) ** 2 / variance
        if variance > 0
        else math.nan
    )
    spread = float(scores.std(ddof=1))
    gap = (
        float(((f / f.sum()) * (of_focal / f - (sums - of_focal) / r)).sum())
        if len(f)
        else math.nan
    )
    size, p_value = (
        _over(gap, spread) if gap >= 0 else -_over(-gap, spread),
        float(special.chdtrc(1, chi)),
    )
    small = not abs(size) >= 0.17 or p_value >= 0.05
    return Mantel(
        chi, p_value, size, "A" if small else "C" if abs(size) >= 0.25 else "B"
    )


def tables_by_level(passed: Flags, focal: Flags, level: NDArray[np.int64]) -> Numbers:
    """Counts by level, group (focal first) and whether the item was passed (yes first)."""
    k = int(level.max()) + 1
    cell = level * 4 + (~focal) * 2 + ~passed
    return np.bincount(cell, minlength=4 * k).reshape(k, 2, 2).astype(float)


def log_likelihoods(
    predictors: Numbers, passed: Numbers, persons: Numbers
) -> tuple[Numbers, Numbers]:
    """Logistic regressions of many items on the same predictors: coefficients and log-likelihoods, by Newton's method.

    `predictors` is kinds of persons × p (its first column ones), `persons` how many are of each kind, `passed` kinds ×
    items: how many of them passed. All items at once: one product of matrices a round in place of one regression an
    item; and persons who are alike once.
    """
    (n, p), items = predictors.shape, passed.shape[1]
    pairs = np.einsum("ij,ik->ijk", predictors, predictors).reshape(n, p * p)
    given = (predictors.T @ passed).T
    found = np.zeros((items, p))
    for _ in range(ROUNDS):
        likely = special.expit(np.clip(predictors @ found.T, -STEEPEST, STEEPEST))
        expected = persons[:, None] * likely
        slope = given - (predictors.T @ expected).T
        bend = ((expected * (1 - likely)).T @ pairs).reshape(
            items, p, p
        ) + 1e-12 * np.eye(p)
        step = np.linalg.solve(bend, slope[..., None])[..., 0]
        found += np.clip(step, -5, 5)
        if float(np.abs(step).max()) < CLOSE:
            break
    line = np.clip(predictors @ found.T, -STEEPEST, STEEPEST)
    return found, (passed * line - persons[:, None] * np.logaddexp(0, line)).sum(axis=0)


def nagelkerke(log_likelihood: Numbers, of_nothing: Numbers, n: int) -> Numbers:
    """R² of Nagelkerke (1991)."""
    cox_snell = 1 - np.exp(2 * (of_nothing - log_likelihood) / n)
    return np.asarray(cox_snell / (1 - np.exp(2 * of_nothing / n)))


def logistic(passed: Flags, focal: Flags, matching: Numbers) -> list[dict[str, Any]]:
    """Logistic-regression DIF of persons × items (Swaminathan and Rogers 1990): the group alone and with the level.

    Uniform: the group beside the level; non-uniform: their product beside both. Effect size is the gain in
    Nagelkerke's R², in the classes of Jodoin and Gierl (2001): below 0.035 A, from 0.070 C, A when not significant.
    """
    n, standard = len(passed), (matching - matching.mean()) / matching.std()
    (level, group), place = np.unique(
        np.stack([standard, focal.astype(float)]), axis=1, return_inverse=True
    )
    persons, ones = np.bincount(place).astype(float), np.ones(len(level))
    given = np.zeros((len(level), passed.shape[1]))
    np.add.at(given, place, passed)
    shares = given.sum(axis=0) / n
    nothing = n * (
        special.xlogy(shares, shares) + special.xlogy(1 - shares, 1 - shares)
    )
    _, plain = log_likelihoods(np.column_stack([ones, level]), given, persons)
    coefficients, uniform = log_likelihoods(
        np.column_stack([ones, level, group]), given, persons
    )
    _, full = log_likelihoods(
        np.column_stack([ones, level, group, level * group]), given, persons
    )
    gain = nagelkerke(full, nothing, n) - nagelkerke(plain, nothing, n)
    found = []
    for index in range(given.shape[1]):
        both = float(special.chdtrc(2, max(0.0, 2 * (full - plain)[index])))
        size = float(gain[index])
        grade = (
            "A" if both >= 0.05 or not size >= 0.035 else "C" if size >= 0.070 else "B"
        )
        found.append(
            {
                "uniform_chi_square": float(2 * (uniform - plain)[index]),
                "uniform_p_value": float(
                    special.chdtrc(1, max(0.0, 2 * (uniform - plain)[index]))
                ),
                "nonuniform_chi_square": float(2 * (full - uniform)[index]),
                "nonuniform_p_value": float(
                    special.chdtrc(1, max(0.0, 2 * (full - uniform)[index]))
                ),
                "p_value": both,
                "log_odds": float(coefficients[index, 2]),
                "r2_gain": size,
                "grade": grade,
            }
        )
    return found
