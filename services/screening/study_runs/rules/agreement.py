"""How far two assessments of the same children agree: kappa, ICC, limits of agreement."""

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from services.screening.study_runs.rules.estimates import (
    CONFIDENCE,
    Estimate,
    Numbers,
    Results,
    between,
    proportion,
    quantile,
)

Weights = Literal["none", "linear", "quadratic"]


def agreement_weights(k: int, kind: Weights) -> Numbers:
    """How much a pair of categories counts as agreement: 1 on the diagonal, less away from it."""
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / max(k - 1, 1)
    if kind == "none":
        return np.eye(k)
    return 1 - (distance if kind == "linear" else distance**2)


def kappa(table: Numbers, kind: Weights = "none") -> Estimate:
    """Cohen's (1960) or weighted (1968) kappa of a square table of counts.

    The interval uses the large-sample variance of Fleiss, Cohen and Everitt (1969).
    With perfect agreement this variance is 0: then the lower limit comes from the
    Wilson interval of the observed agreement, with the agreement by chance unchanged.
    NaN for an empty table, and if chance explains all agreement.
    """
    n = float(table.sum())
    if n == 0:
        return Estimate(math.nan)
    shares, weights = table / n, agreement_weights(len(table), kind)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed = float((weights * shares).sum())
    chance = float((weights * np.outer(rows, columns)).sum())
    if math.isclose(chance, 1):
        return Estimate(math.nan)
    value = (observed - chance) / (1 - chance)
    marginal = np.add.outer(weights @ columns, rows @ weights)
    inner = float((shares * (weights - marginal * (1 - value)) ** 2).sum())
    # Rounding can make a variance of 0 slightly negative.
    variance = max(0.0, inner - (value - chance * (1 - value)) ** 2) / n
    if math.isclose(observed, 1):
        least = proportion(n, n).low or 0.0
        return between(1.0, (least - chance) / (1 - chance), 1.0)
    half = quantile() * math.sqrt(variance) / (1 - chance)
    return between(value, value - half, value + half, -1.0, 1.0)


class Agreement(NamedTuple):
    """Kappa with its interval, the number of pairs, and the share of equal pairs."""

    value: float
    low: float | None
    high: float | None
    n: int
    observed_agreement: Estimate


def agreement(table: Numbers, kind: Weights = "none") -> Agreement:
    """Kappa and the observed agreement, because either alone can mislead.

    Feinstein and Cicchetti (1990) show how.
    """
    n = int(table.sum())
    observed = proportion(float(np.trace(table)), n)
    return Agreement(*kappa(table, kind), n, observed)


def cross_table(first: NDArray[np.int64], second: NDArray[np.int64], k: int) -> Numbers:
    """Counts of pairs of categories 0 … k−1."""
    return np.bincount(first * k + second, minlength=k * k).reshape(k, k).astype(float)


class Squares(NamedTuple):
    """Mean squares of a two-way layout: between subjects, between raters, and the residual."""

    subjects: float
    raters: float
    error: float


def mean_squares(ratings: Numbers) -> Squares:
    """The mean squares of complete ratings (subjects × raters)."""
    n, k = ratings.shape
    mean = ratings.mean()
    by_subject = k * float(((ratings.mean(axis=1) - mean) ** 2).sum())
    by_rater = n * float(((ratings.mean(axis=0) - mean) ** 2).sum())
    residual = float(((ratings - mean) ** 2).sum()) - by_subject - by_rater
    # Rounding can make a residual of 0 slightly negative.
    error = max(0.0, residual) / ((n - 1) * (k - 1))
    return Squares(by_subject / (n - 1), by_rater / (k - 1), error)


def icc_2_1(ratings: Numbers, confidence: float = CONFIDENCE) -> Estimate:
    """ICC(2,1): two-way random effects, single rating, absolute agreement (Shrout and Fleiss 1979).

    `ratings` are subjects × raters. NaN if the ratings do not vary.
    """
    n, k = ratings.shape
    subjects, raters, error = mean_squares(ratings)
    total = subjects + (k - 1) * error + k * (raters - error) / n
    if total <= 0 or subjects <= 0:
        return Estimate(math.nan)
    value = (subjects - error) / total
    # With full agreement there is no error from which to compute an interval.
    if error == 0:
        return Estimate(value)
    freedom = _rater_freedom(value, raters / error, n, k)
    upper = (1 + confidence) / 2
    wide = float(special.fdtri(n - 1, freedom, upper))
    narrow = float(special.fdtri(freedom, n - 1, upper))
    pooled = k * raters + (k * n - k - n) * error
    low = n * (subjects - wide * error) / (wide * pooled + n * subjects)
    high = n * (narrow * subjects - error) / (pooled + n * narrow * subjects)
    return between(value, low, high)


def _rater_freedom(icc: float, f_of_raters: float, n: int, k: int) -> float:
    """Degrees of freedom of the interval of an ICC(2,1), in the form of McGraw and Wong (1996).

    `f_of_raters` is the mean square of the `k` raters divided by that of the residual;
    there are `n` subjects.
    """
    rest = n * (1 + (k - 1) * icc) - k * icc
    top = (k - 1) * (n - 1) * (k * icc * f_of_raters + rest) ** 2
    return top / ((n - 1) * k**2 * icc**2 * f_of_raters**2 + rest**2)


def limits_of_agreement(
    first: Numbers, second: Numbers, confidence: float = CONFIDENCE
) -> Results:
    """Mean difference (first − second) and its limits of agreement (Bland and Altman 1986).

    95 % of normally distributed differences are between the limits.
    """
    differences = first - second
    n, spread = len(differences), float(differences.std(ddof=1))
    bias, reach = float(differences.mean()), quantile() * spread
    t = float(special.stdtrit(n - 1, 0.5 + confidence / 2))
    of_bias = t * spread / math.sqrt(n)
    # The variance of a limit is about s² (1/n + z²/(2(n − 1))) (Bland and Altman 1999).
    of_limit = t * spread * math.sqrt(1 / n + quantile() ** 2 / (2 * (n - 1)))
    low, high = bias - reach, bias + reach
    return {
        "n": n,
        "bias": Estimate(bias, bias - of_bias, bias + of_bias),
        "standard_deviation": spread,
        "lower": Estimate(low, low - of_limit, low + of_limit),
        "upper": Estimate(high, high - of_limit, high + of_limit),
        "beyond_limits": int((np.abs(differences - bias) > reach).sum()),
    }
