"""Statistics of each item of a scale: difficulty, correlation, share of answers at either end."""

import math
from collections.abc import Sequence

import numpy as np

from services.screening.campaigns.rules.disclosure import FEW
from services.screening.study_runs.rules.estimates import Numbers, Results
from services.screening.study_runs.rules.reliability import complete

GROUPS = 10
"""The number of groups of similar sums in an item characteristic, if there are enough children."""


def corrected_item_total(covariance: Numbers) -> Numbers:
    """Each item's correlation with the sum of the others (Henrysson 1963).

    It is computed from the covariances of the items; NaN if the item or that sum does
    not vary.
    """
    variance, with_sum = np.diag(covariance), covariance.sum(axis=1)
    spread = np.sqrt(variance * _variance_of_others(covariance))
    unknown = np.full(len(variance), math.nan)
    return np.asarray(
        np.divide(with_sum - variance, spread, out=unknown, where=spread > 0)
    )


def _variance_of_others(covariance: Numbers) -> Numbers:
    """For each item, the variance of the sum of all others."""
    variance, with_sum = np.diag(covariance), covariance.sum(axis=1)
    return np.asarray(covariance.sum() - 2 * with_sum + variance)


def alpha_if_deleted(covariance: Numbers) -> Numbers:
    """Cronbach's alpha of the scale without each item.

    NaN if fewer than two items would remain.
    """
    k, variance = len(covariance), np.diag(covariance)
    unknown = np.full(k, math.nan)
    if k < 3:
        return unknown
    total = _variance_of_others(covariance)
    others = variance.sum() - variance
    share = np.divide(others, total, out=unknown, where=total > 0)
    return np.asarray((k - 1) / (k - 2) * (1 - share))


def item_statistics(
    codes: Sequence[str], scores: Numbers, lowest: Numbers, highest: Numbers
) -> list[Results]:
    """One row for each item; `scores` are persons × items, with NaN for a missing score.

    Difficulty is the mean as a share of the item's range: 0 when all answers have the
    lowest score, 1 when all have the highest; an item without a range has none. Figures
    of one item are computed from all who answered it; figures that compare items from
    those who answered all items.
    """
    answered = ~np.isnan(scores)
    n = answered.sum(axis=0)
    # For an item without any answer the mean is 0 and not 0 / 0.
    divisor = np.maximum(n, 1)
    means = np.where(answered, scores, 0.0).sum(axis=0) / divisor
    squares = np.where(answered, (scores - means) ** 2, 0.0).sum(axis=0)
    # For a single item numpy returns a number and not a matrix.
    covariance = np.atleast_2d(np.cov(complete(scores), rowvar=False))
    columns = {
        "n": n,
        "missing_share": 1 - n / len(scores),
        "mean": means,
        "standard_deviation": np.sqrt(squares / np.maximum(n - 1, 1)),
        "difficulty": (means - lowest) / (highest - lowest),
        "at_lowest": _share_at(lowest, scores, divisor),
        "at_highest": _share_at(highest, scores, divisor),
        "corrected_item_total": corrected_item_total(covariance),
        "alpha_if_deleted": alpha_if_deleted(covariance),
    }
    return [
        {"item": code} | {name: column[index] for name, column in columns.items()}
        for index, code in enumerate(codes)
    ]


def _share_at(end: Numbers, scores: Numbers, answered: Numbers) -> Numbers:
    """The share of answers at one end of their item's range; NaN for an item without this end."""
    shares = (scores == end).sum(axis=0) / answered
    return np.where(np.isnan(end), math.nan, shares)


def characteristics(
    codes: Sequence[str], scores: Numbers, lowest: Numbers, highest: Numbers
) -> list[Results]:
    """Empirical item characteristics: each item's mean share of its range, by groups of
    similar sums.

    Only items with a range; the group with the lowest sums comes first. No group has
    few children, because the mean of one person would be that person's answer.
    """
    whole = complete(scores)
    sums = whole.sum(axis=1)
    order = np.argsort(sums, kind="stable")
    shares = (whole - lowest) / (highest - lowest)
    points: list[Results] = []
    for group in np.array_split(order, min(GROUPS, max(1, len(order) // FEW))):
        mean_sum, means = float(sums[group].mean()), shares[group].mean(axis=0)
        points += [
            {"item": code, "sum": mean_sum, "share": share, "n": len(group)}
            for code, share in zip(codes, means.tolist(), strict=True)
            # An item without a range has no share to draw.
            if not math.isnan(share)
        ]
    return points
