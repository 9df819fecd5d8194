"""How far the items of a scale measure one thing: alpha, omega, standard error."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

from services.screening.study_runs.rules.estimates import (
    CONFIDENCE,
    Estimate,
    Flags,
    Numbers,
    Results,
    between,
)

MOST_STEPS, TOLERANCE = 20_000, 1e-10
LEAST_UNIQUENESS = 0.001
GOOD_FOR_GROUPS, GOOD_FOR_INDIVIDUALS = 0.70, 0.90
"""The least alpha for research on groups, and for decisions about one person (Nunnally 1978)."""


def complete(scores: Numbers) -> Numbers:
    """The persons who answered every item, as rows."""
    return scores[~np.isnan(scores).any(axis=1)]


def alpha_of(covariance: Numbers) -> float:
    """Cronbach's alpha of a covariance matrix (Cronbach 1951).

    NaN with fewer than two items, or if the sum does not vary.
    """
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or total <= 0:
        return math.nan
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)


def alpha(scores: Numbers, confidence: float = CONFIDENCE) -> Estimate:
    """Cronbach's alpha of complete rows (persons × items), with the interval of Feldt (1965)."""
    n, k = scores.shape
    value = alpha_of(np.atleast_2d(np.cov(scores, rowvar=False)))
    # No interval without a value of alpha, for one person, or if all items are equal:
    # then there is no error from which to compute an interval.
    if not math.isfinite(value) or n < 2 or math.isclose(value, 1):
        return Estimate(value)
    freedom, tail = (n - 1, (n - 1) * (k - 1)), (1 - confidence) / 2
    low = 1 - (1 - value) * float(special.fdtri(*freedom, 1 - tail))
    high = 1 - (1 - value) * float(special.fdtri(*freedom, tail))
    return between(value, low, high, most=1.0)


class Factor(NamedTuple):
    """One common factor: the loading of each item, and the item's own variance.

    `are_bounded` marks Heywood cases: items whose own variance would be negative and is
    kept at a bound.
    """

    loadings: Numbers
    unique: Numbers
    are_bounded: Flags
    is_converged: bool


def one_factor(correlation: Numbers) -> Factor:
    """One common factor by maximum likelihood (Jöreskog 1967).

    Computed by EM (Rubin and Thayer 1982). `correlation` is items × items.
    """
    values, vectors = np.linalg.eigh(correlation)
    # EM starts near its solution: at the first principal component.
    loadings = vectors[:, -1] * math.sqrt(max(values[-1] - 1, 0.1))
    unique = np.clip(1 - loadings**2, 0.05, 1)
    is_converged = False
    for _ in range(MOST_STEPS):
        weights = loadings / unique / (1 + float((loadings**2 / unique).sum()))
        projected = correlation @ weights
        scale = 1 - float(weights @ loadings) + float(weights @ projected)
        improved = projected / scale
        unique = np.clip(1 - improved * projected, LEAST_UNIQUENESS, 1)
        is_converged = float(np.abs(improved - loadings).max()) < TOLERANCE
        loadings = improved
        if is_converged:
            break
    # A factor and its mirror image fit equally well: choose the one with a positive sum
    # of loadings.
    loadings = loadings if loadings.sum() >= 0 else -loadings
    return Factor(loadings, unique, unique <= LEAST_UNIQUENESS, is_converged)


def factor_of(covariance: Numbers) -> Factor | None:
    """The common factor of items with these covariances.

    None with fewer than three items, or if one of them does not vary.
    """
    spread = np.sqrt(np.diag(covariance))
    if len(covariance) < 3 or not (spread > 0).all():
        return None
    return one_factor(covariance / np.outer(spread, spread))


def omega_of(covariance: Numbers, factor: Factor | None) -> float:
    """McDonald's omega (1999): the share of the sum's variance that one factor explains.

    The variance is that of the model. NaN without a model, or if it did not converge.
    """
    if factor is None or not factor.is_converged:
        return math.nan
    spread = np.sqrt(np.diag(covariance))
    common = float((spread * factor.loadings).sum()) ** 2
    return common / (common + float((spread**2 * factor.unique).sum()))


def reliability(scores: Numbers, codes: Sequence[str]) -> Results:
    """Alpha, omega and the standard error of measurement, from the complete rows of
    persons × items.
    """
    whole = complete(scores)
    consistency, spread = alpha(whole), float(whole.sum(axis=1).std(ddof=1))
    covariance = np.atleast_2d(np.cov(whole, rowvar=False))
    factor = factor_of(covariance)
    # With an alpha of 1 there is no error, and rounding could make it negative.
    error = spread * math.sqrt(max(0.0, 1 - consistency.value))
    return {
        "n": len(whole),
        "items": scores.shape[1],
        "incomplete": len(scores) - len(whole),
        "missing_share": float(np.isnan(scores).mean()),
        "alpha": consistency,
        "omega": Estimate(omega_of(covariance, factor)),
        "factor_model": _as_results(factor, codes),
        "mean": float(whole.sum(axis=1).mean()),
        "standard_deviation": spread,
        "standard_error_of_measurement": error,
        "good_for_groups": bool(consistency.value >= GOOD_FOR_GROUPS),
        "good_for_individual_decisions": bool(
            consistency.value >= GOOD_FOR_INDIVIDUALS
        ),
    }


def _as_results(factor: Factor | None, codes: Sequence[str]) -> Results | None:
    """Whether the model of omega can be trusted; None without a model."""
    if factor is None:
        return None
    bounded = [
        code
        for code, is_bounded in zip(codes, factor.are_bounded, strict=True)
        if is_bounded
    ]
    return {"is_converged": factor.is_converged, "negative_uniquenesses": bounded}
