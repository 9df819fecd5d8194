"""What each item of a scale is like: how hard it is, how it goes with the others, what it hides at its ends."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.screening.campaigns.rules.disclosure import FEW
from services.screening.studies.rules.reliability import complete

Numbers = NDArray[np.float64]
GROUPS = 10


def corrected_item_total(covariance: Numbers) -> Numbers:
    """Each item's correlation with the sum of the others (Henrysson 1963), from the items' covariances."""
    variance, with_sum = np.diag(covariance), covariance.sum(axis=1)
    rest = covariance.sum() - 2 * with_sum + variance
    spread = np.sqrt(variance * rest)
    return np.asarray(
        np.divide(
            with_sum - variance,
            spread,
            out=np.full(len(variance), math.nan),
            where=spread > 0,
        )
    )


def alpha_if_deleted(covariance: Numbers) -> Numbers:
    """Cronbach's alpha of the scale without each item. NaN where fewer than two would remain."""
    k, variance = len(covariance), np.diag(covariance)
    if k < 3:
        return np.full(k, math.nan)
    rest = covariance.sum() - 2 * covariance.sum(axis=1) + variance
    left = np.divide(
        variance.sum() - variance, rest, out=np.full(k, math.nan), where=rest > 0
    )
    return np.asarray((k - 1) / (k - 2) * (1 - left))


def item_statistics(
    codes: Sequence[str], scores: Numbers, lowest: Numbers, highest: Numbers
) -> list[dict[str, Any]]:
    """One row an item. Difficulty is the mean as a share of what the item can give, from 0 (all at its lowest) to 1.

    What is of one item uses everybody who answered it; what goes across items uses those who answered them all.
    """
    answered = ~np.isnan(scores)
    n = answered.sum(axis=0)
    held = np.where(answered, scores, 0.0)
    means = held.sum(axis=0) / np.maximum(n, 1)
    squares = np.where(answered, (scores - means) ** 2, 0.0).sum(axis=0)
    covariance = np.atleast_2d(np.cov(complete(scores), rowvar=False))
    found = {
        "n": n,
        "missing_share": 1 - n / len(scores),
        "mean": means,
        "standard_deviation": np.sqrt(squares / np.maximum(n - 1, 1)),
        "difficulty": (means - lowest) / (highest - lowest),
        "at_lowest": ((scores == lowest) & answered).sum(axis=0) / np.maximum(n, 1),
        "at_highest": ((scores == highest) & answered).sum(axis=0) / np.maximum(n, 1),
        "corrected_item_total": corrected_item_total(covariance),
        "alpha_if_deleted": alpha_if_deleted(covariance),
    }
    return [
        {"item": code} | {name: column[index] for name, column in found.items()}
        for index, code in enumerate(codes)
    ]


def characteristics(
    codes: Sequence[str], scores: Numbers, lowest: Numbers, highest: Numbers
) -> list[dict[str, Any]]:
    """The empirical item characteristic: an item's mean share by groups of persons of a like sum, the weakest first.

    No group is of few: the mean of one person would be that person's answer.
    """
    whole = complete(scores)
    sums = whole.sum(axis=1)
    order = np.argsort(sums, kind="stable")
    shares = (whole - lowest) / (highest - lowest)
    points = []
    for part in np.array_split(order, min(GROUPS, max(1, len(order) // FEW))):
        middle, means = float(sums[part].mean()), shares[part].mean(axis=0)
        given = zip(codes, means.tolist(), strict=True)
        points += [
            {"item": code, "sum": middle, "share": share, "n": len(part)}
            for code, share in given
        ]
    return points
