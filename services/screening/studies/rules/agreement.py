"""How far two looks at the same children agree: kappa, the intraclass correlation, Bland and Altman's limits."""

import math
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from services.screening.studies.rules.estimates import CONFIDENCE, Estimate, quantile

Numbers = NDArray[np.float64]
Weights = Literal["none", "linear", "quadratic"]


def agreement_weights(k: int, kind: Weights) -> Numbers:
    """How much a pair of categories counts as agreement: 1 on the diagonal, less with the distance from it."""
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / max(k - 1, 1)
    if kind == "none":
        return np.eye(k)
    return 1 - (distance if kind == "linear" else distance**2)


def kappa(table: Numbers, kind: Weights = "none") -> Estimate:
    """Cohen's (1960) or weighted (1968) kappa of a square table of counts.

    The interval uses the large-sample variance of Fleiss, Cohen and Everitt (1969). NaN of nothing, and where chance
    explains all.
    """
    n = float(table.sum())
    if n == 0:
        return Estimate(math.nan)
    shares, weights = table / n, agreement_weights(len(table), kind)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    seen, chance = (
        float((weights * shares).sum()),
        float((weights * np.outer(rows, columns)).sum()),
    )
    if math.isclose(chance, 1):
        return Estimate(math.nan)
    value = (seen - chance) / (1 - chance)
    marginal = np.add.outer(weights @ columns, rows @ weights)
    inner = float((shares * (weights - marginal * (1 - value)) ** 2).sum())
    spread = math.sqrt(max(0.0, inner - (value - chance * (1 - value)) ** 2) / n) / (
        1 - chance
    )
    half = quantile() * spread
    return Estimate(value, max(-1.0, value - half), min(1.0, value + half))


def cross_table(first: NDArray[np.int64], second: NDArray[np.int64], k: int) -> Numbers:
    """Counts of pairs of categories 0 … k−1."""
    return np.bincount(first * k + second, minlength=k * k).reshape(k, k).astype(float)


class Squares(NamedTuple):
    """Mean squares of a two-way layout: between subjects, between raters, and what is left."""

    subjects: float
    raters: float
    error: float


def mean_squares(ratings: Numbers) -> Squares:
    """Of subjects × raters, without gaps."""
    n, k = ratings.shape
    middle = ratings.mean()
    by_subject = k * float(((ratings.mean(axis=1) - middle) ** 2).sum())
    by_rater = n * float(((ratings.mean(axis=0) - middle) ** 2).sum())
    left = float(((ratings - middle) ** 2).sum()) - by_subject - by_rater
    return Squares(
        by_subject / (n - 1), by_rater / (k - 1), max(0.0, left) / ((n - 1) * (k - 1))
    )


def icc_2_1(ratings: Numbers, confidence: float = CONFIDENCE) -> Estimate:
    """ICC(2,1): two-way random effects, single rating, absolute agreement (Shrout and Fleiss 1979).

    The interval is theirs, in the form of McGraw and Wong (1996). NaN without any spread.
    """
    n, k = ratings.shape
    subjects, raters, error = mean_squares(ratings)
    below = subjects + (k - 1) * error + k * (raters - error) / n
    if below <= 0 or subjects <= 0:
        return Estimate(math.nan)
    value = (subjects - error) / below
    if error == 0:
        return Estimate(value)
    effect = raters / error
    top = (
        (k - 1)
        * (n - 1)
        * (k * value * effect + n * (1 + (k - 1) * value) - k * value) ** 2
    )
    bottom = (n - 1) * k**2 * value**2 * effect**2 + (
        n * (1 + (k - 1) * value) - k * value
    ) ** 2
    freedom, upper = top / bottom, (1 + confidence) / 2
    wide, narrow = (
        float(special.fdtri(n - 1, freedom, upper)),
        float(special.fdtri(freedom, n - 1, upper)),
    )
    pooled = k * raters + (k * n - k - n) * error
    low = n * (subjects - wide * error) / (wide * pooled + n * subjects)
    return Estimate(
        value, low, n * (narrow * subjects - error) / (pooled + n * narrow * subjects)
    )


def limits_of_agreement(
    first: Numbers, second: Numbers, confidence: float = CONFIDENCE
) -> dict[str, Any]:
    """Mean difference (first − second) and the limits between which 95 % of differences lie (Bland and Altman 1986)."""
    differences = first - second
    n, spread = len(differences), float(differences.std(ddof=1))
    bias, reach = float(differences.mean()), quantile() * spread
    t = float(special.stdtrit(n - 1, 0.5 + confidence / 2))
    of_bias, of_limit = (
        t * spread / math.sqrt(n),
        t * spread * math.sqrt(1 / n + quantile() ** 2 / (2 * (n - 1))),
    )
    return {
        "n": n,
        "bias": Estimate(bias, bias - of_bias, bias + of_bias),
        "standard_deviation": spread,
        "lower": Estimate(
            bias - reach, bias - reach - of_limit, bias - reach + of_limit
        ),
        "upper": Estimate(
            bias + reach, bias + reach - of_limit, bias + reach + of_limit
        ),
        "beyond_limits": int((np.abs(differences - bias) > reach).sum()),
    }
