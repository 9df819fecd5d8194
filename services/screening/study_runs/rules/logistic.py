"""Differential item functioning by logistic regression, all items of a scale at once."""

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from services.screening.study_runs.rules.dif import SIGNIFICANCE, Grade
from services.screening.study_runs.rules.estimates import Flags, Numbers, Results

MOST_ROUNDS, TOLERANCE = 50, 1e-9
STEEPEST, LONGEST_STEP = 30.0, 5.0
"""Bounds of the linear predictor and of a step, for items with perfect separation
by a predictor.
"""
SEPARATED = 20.0
"""A linear predictor beyond this (odds of 500 million) would grow to infinity."""
RIDGE = 1e-12
"""Keeps the matrix of second derivatives invertible when a predictor is constant."""
MODERATE_GAIN, LARGE_GAIN = 0.035, 0.070


class Regressions(NamedTuple):
    """One regression for each item: coefficients (items × predictors) and log-likelihood.

    The coefficients of an item with perfect separation by a predictor are NaN.
    """

    coefficients: Numbers
    log_likelihoods: Numbers


def log_likelihoods(
    predictors: Numbers, passed: Numbers, persons: Numbers
) -> Regressions:
    """Logistic regressions of many items on the same predictors, by Newton's method.

    `predictors` is kinds of persons × p (the first column is all ones), `persons` the
    number of persons of each kind, `passed` (kinds × items) how many of them passed.
    All items share one product of matrices in each round, and equal persons are one row
    with their number: a regression for each item over all persons would
    take far longer.
    """
    (n, p), items = predictors.shape, passed.shape[1]
    products = np.einsum("ij,ik->ijk", predictors, predictors).reshape(n, p * p)
    observed = (predictors.T @ passed).T
    coefficients = np.zeros((items, p))
    for _ in range(MOST_ROUNDS):
        shares = special.expit(_linear(predictors, coefficients))
        expected = persons[:, None] * shares
        gradient = observed - (predictors.T @ expected).T
        curvature = ((expected * (1 - shares)).T @ products).reshape(items, p, p)
        curvature += RIDGE * np.eye(p)
        step = np.linalg.solve(curvature, gradient[..., None])[..., 0]
        coefficients += np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        if float(np.abs(step).max()) < TOLERANCE:
            break
    line = _linear(predictors, coefficients)
    likelihoods = passed * line - persons[:, None] * np.logaddexp(0, line)
    # These coefficients would grow for ever, while the likelihood has almost reached
    # its limit.
    coefficients[np.abs(line).max(axis=0) > SEPARATED] = np.nan
    return Regressions(coefficients, likelihoods.sum(axis=0))


def _linear(predictors: Numbers, coefficients: Numbers) -> Numbers:
    return np.clip(predictors @ coefficients.T, -STEEPEST, STEEPEST)


def nagelkerke(log_likelihood: Numbers, of_nothing: Numbers, n: int) -> Numbers:
    """R² of Nagelkerke (1991); `of_nothing` is the log-likelihood of a model without predictors."""
    cox_snell = 1 - np.exp(2 * (of_nothing - log_likelihood) / n)
    most = 1 - np.exp(2 * of_nothing / n)
    # For an item that everybody passes there is no variation to explain.
    unknown = np.full(len(most), np.nan)
    return np.asarray(np.divide(cox_snell, most, out=unknown, where=most > 0))


class Kinds(NamedTuple):
    """Persons with the same level and group, counted together."""

    level: Numbers
    group: Numbers
    persons: Numbers
    passed: Numbers


def _kinds_of_persons(passed: Flags, focal: Flags, matching: Numbers) -> Kinds:
    # Centred, because then the level correlates least with its product with the group,
    # and Newton's method needs few rounds.
    standard = (matching - matching.mean()) / matching.std()
    (level, group), kind = np.unique(
        np.stack([standard, focal.astype(float)]), axis=1, return_inverse=True
    )
    counts = np.zeros((len(level), passed.shape[1]))
    np.add.at(counts, kind, passed)
    return Kinds(level, group, np.bincount(kind).astype(float), counts)


def logistic(passed: Flags, focal: Flags, matching: Numbers) -> list[Results]:
    """DIF of persons × items by logistic regression (Swaminathan and Rogers 1990).

    Uniform DIF adds the group to the level, non-uniform DIF adds their product. Effect
    size is the gain in Nagelkerke's R², in the classes of Jodoin and Gierl (2001):
    below 0.035 A, from 0.070 C, A when not significant; none if nobody or everybody
    passes. No log odds if the group or the level separates an item perfectly.
    """
    level, group, persons, counts = _kinds_of_persons(passed, focal, matching)
    ones = np.ones(len(level))
    models = (
        np.column_stack([ones, level]),
        np.column_stack([ones, level, group]),
        np.column_stack([ones, level, group, level * group]),
    )
    of_level, with_group, full = (
        log_likelihoods(predictors, counts, persons) for predictors in models
    )
    n, shares = len(passed), counts.sum(axis=0) / len(passed)
    of_nothing = n * (
        special.xlogy(shares, shares) + special.xlogy(1 - shares, 1 - shares)
    )
    plain, uniform, both = (
        model.log_likelihoods for model in (of_level, with_group, full)
    )
    gain = nagelkerke(both, of_nothing, n) - nagelkerke(plain, of_nothing, n)
    columns = {
        "uniform_chi_square": 2 * (uniform - plain),
        "uniform_p_value": _p_values(1, 2 * (uniform - plain)),
        "nonuniform_chi_square": 2 * (both - uniform),
        "nonuniform_p_value": _p_values(1, 2 * (both - uniform)),
        "p_value": _p_values(2, 2 * (both - plain)),
        "log_odds": with_group.coefficients[:, 2],
        "r2_gain": gain,
    }
    return [
        {name: float(column[item]) for name, column in columns.items()}
        | {"grade": _grade(float(columns["p_value"][item]), float(gain[item]))}
        for item in range(counts.shape[1])
    ]


def _p_values(freedom: int, chi_squares: Numbers) -> Numbers:
    # Rounding can make a likelihood ratio slightly negative: it counts as 0.
    return np.asarray(special.chdtrc(freedom, np.maximum(0.0, chi_squares)))


def _grade(p_value: float, gain: float) -> Grade:
    if not math.isfinite(gain):
        return None
    if p_value >= SIGNIFICANCE or gain < MODERATE_GAIN:
        return "A"
    return "C" if gain >= LARGE_GAIN else "B"
