"""How far the items of a scale measure one thing: alpha, omega, standard error."""

import math

import numpy as np
from scipy import special

from services.screening.study_runs.rules.estimates import (
    CONFIDENCE,
    Estimate,
    Numbers,
    Results,
)

MOST_STEPS, TOLERANCE = 500, 1e-10
GOOD_FOR_GROUPS, GOOD_FOR_INDIVIDUALS = 0.70, 0.90
"""The least alpha for research on groups, and for decisions about one person (Nunnally 1978)."""


def complete(scores: Numbers) -> Numbers:
    """The persons who answered every item, as rows."""
    return scores[~np.isnan(scores).any(axis=1)]


def alpha_of(covariance: Numbers) -> float:
    """Cronbach's alpha of a covariance matrix (Cronbach 1951).

    NaN with fewer than two items or without spread.
    """
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or total <= 0:
        return math.nan
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)


def alpha(scores: Numbers, confidence: float = CONFIDENCE) -> Estimate:
    """Cronbach's alpha of complete rows (persons × items), with the interval of Feldt (1965)."""
    n, k = scores.shape
    value = alpha_of(np.atleast_2d(np.cov(scores, rowvar=False)))
    # Alpha has no interval where it has no value, nor of one person.
    if not math.isfinite(value) or n < 2:
        return Estimate(value)
    freedom, tail = (n - 1, (n - 1) * (k - 1)), (1 - confidence) / 2
    low = 1 - (1 - value) * float(special.fdtri(*freedom, 1 - tail))
    high = 1 - (1 - value) * float(special.fdtri(*freedom, tail))
    return Estimate(value, low, high)


def one_factor(correlation: Numbers) -> Numbers:
    """The loadings of one common factor by maximum likelihood (Jöreskog 1967).

    Computed by EM (Rubin and Thayer 1982). `correlation` is items × items. Uniquenesses
    stay above zero, so a Heywood case ends at the bound, not beyond it.
    """
    values, vectors = np.linalg.eigh(correlation)
    # EM starts near its end: from the first principal component.
    loadings = vectors[:, -1] * math.sqrt(max(values[-1] - 1, 0.1))
    unique = np.clip(1 - loadings**2, 0.05, 1)
    for _ in range(MOST_STEPS):
        weights = loadings / unique / (1 + float((loadings**2 / unique).sum()))
        projected = correlation @ weights
        scale = 1 - float(weights @ loadings) + float(weights @ projected)
        improved = projected / scale
        unique = np.clip(1 - improved * projected, 0.001, 1)
        if float(np.abs(improved - loadings).max()) < TOLERANCE:
            break
        loadings = improved
    # A factor and its mirror image fit equally well: the one that goes with the items is meant.
    return loadings if loadings.sum() >= 0 else -loadings


def omega_of(covariance: Numbers) -> float:
    """McDonald's omega (1999): the share of the sum's variance that one factor explains.

    Of the variance by the model. NaN with fewer than three items or where one of them
    does not vary.
    """
    spread = np.sqrt(np.diag(covariance))
    if len(covariance) < 3 or not (spread > 0).all():
        return math.nan
    loadings = one_factor(covariance / np.outer(spread, spread))
    common = float((spread * loadings).sum()) ** 2
    return common / (common + float((spread**2 * (1 - loadings**2)).sum()))


def reliability(scores: Numbers) -> Results:
    """Alpha, omega and the standard error of measurement of complete rows of persons × items."""
    whole = complete(scores)
    consistency, spread = alpha(whole), float(whole.sum(axis=1).std(ddof=1))
    covariance = np.atleast_2d(np.cov(whole, rowvar=False))
    # Alpha of 1 leaves no error, and rounding could leave less than none.
    error = spread * math.sqrt(max(0.0, 1 - consistency.value))
    return {
        "n": len(whole),
        "items": scores.shape[1],
        "incomplete": len(scores) - len(whole),
        "missing_share": float(np.isnan(scores).mean()),
        "alpha": consistency,
        "omega": Estimate(omega_of(covariance)),
        "mean": float(whole.sum(axis=1).mean()),
        "standard_deviation": spread,
        "standard_error_of_measurement": error,
        "good_for_groups": bool(consistency.value >= GOOD_FOR_GROUPS),
        "good_for_individual_decisions": bool(
            consistency.value >= GOOD_FOR_INDIVIDUALS
        ),
    }
