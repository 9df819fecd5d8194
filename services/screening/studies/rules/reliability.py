"""How far the items of a scale measure one thing: alpha, omega, the standard error of measurement."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from services.screening.studies.rules.estimates import CONFIDENCE, Estimate

Numbers = NDArray[np.float64]
STEPS, CLOSE = 500, 1e-10


def complete(scores: Numbers) -> Numbers:
    """The persons who answered every item, as rows."""
    return scores[~np.isnan(scores).any(axis=1)]


def alpha_of(covariance: Numbers) -> float:
    """Cronbach's alpha of a covariance matrix (Cronbach 1951). NaN with fewer than two items or without spread."""
    k, total = len(covariance), float(covariance.sum())
    return (
        k / (k - 1) * (1 - float(np.trace(covariance)) / total)
        if k > 1 and total > 0
        else math.nan
    )


def alpha(scores: Numbers, confidence: float = CONFIDENCE) -> Estimate:
    """Cronbach's alpha of complete rows (persons × items), with the interval of Feldt (1965)."""
    n, k = scores.shape
    value = alpha_of(np.atleast_2d(np.cov(scores, rowvar=False)))
    if not math.isfinite(value) or n < 2:
        return Estimate(value)
    freedom, tail = (n - 1, (n - 1) * (k - 1)), (1 - confidence) / 2
    low = 1 - (1 - value) * float(special.fdtri(*freedom, 1 - tail))
    return Estimate(value, low, 1 - (1 - value) * float(special.fdtri(*freedom, tail)))


def one_factor(correlation: Numbers) -> Numbers:
    """The loadings of one common factor by maximum likelihood (Jöreskog 1967), found by EM (Rubin and Thayer 1982).

    Uniquenesses stay above zero, so that a Heywood case ends at the edge and not beyond it.
    """
    values, vectors = np.linalg.eigh(correlation)
    loadings = vectors[:, -1] * math.sqrt(max(values[-1] - 1, 0.1))
    unique = np.clip(1 - loadings**2, 0.05, 1)
    for _ in range(STEPS):
        weights = loadings / unique / (1 + float((loadings**2 / unique).sum()))
        reached = correlation @ weights
        found = reached / (1 - float(weights @ loadings) + float(weights @ reached))
        unique = np.clip(1 - found * reached, 0.001, 1)
        if float(np.abs(found - loadings).max()) < CLOSE:
            break
        loadings = found
    return loadings if loadings.sum() >= 0 else -loadings


def omega_of(covariance: Numbers) -> float:
    """McDonald's omega (1999): the variance of the sum that one common factor makes, of the variance by the model."""
    spread = np.sqrt(np.diag(covariance))
    if len(covariance) < 3 or not (spread > 0).all():
        return math.nan
    loadings = one_factor(covariance / np.outer(spread, spread))
    common = float((spread * loadings).sum()) ** 2
    return common / (common + float((spread**2 * (1 - loadings**2)).sum()))


def reliability(scores: Numbers) -> dict[str, Any]:
    """Alpha, omega and the standard error of measurement of persons × items; of complete rows only."""
    whole = complete(scores)
    consistency, spread = alpha(whole), float(whole.sum(axis=1).std(ddof=1))
    covariance = np.atleast_2d(np.cov(whole, rowvar=False))
    return {
        "n": len(whole),
        "items": scores.shape[1],
        "incomplete": len(scores) - len(whole),
        "missing_share": float(np.isnan(scores).mean()),
        "alpha": consistency,
        "omega": Estimate(omega_of(covariance)),
        "mean": float(whole.sum(axis=1).mean()),
        "standard_deviation": spread,
        "standard_error_of_measurement": spread
        * math.sqrt(max(0.0, 1 - consistency.value)),
        "good_for_groups": bool(consistency.value >= 0.70),
        "good_for_individual_decisions": bool(consistency.value >= 0.90),
    }
