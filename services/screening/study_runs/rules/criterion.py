"""Outcome against criterion: the 2 × 2 table, the ROC curve, predictive values at a prevalence."""

import math
from typing import NamedTuple

import numpy as np

from services.screening.study_runs.rules.agreement import kappa
from services.screening.study_runs.rules.estimates import (
    Estimate,
    Flags,
    Numbers,
    Results,
    between,
    by_log,
    proportion,
    quantile,
)


class Confusion(NamedTuple):
    """Outcome against criterion: `tp` positive by both, `fp` by the outcome only, `fn`
    by the criterion only.
    """

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        """The number of children in the table."""
        return self.tp + self.fp + self.fn + self.tn


def confusion(outcome: Flags, criterion: Flags) -> Confusion:
    """The table of two yes-or-no columns."""
    tp, fp = int((outcome & criterion).sum()), int((outcome & ~criterion).sum())
    return Confusion(tp, fp, int(criterion.sum()) - tp, int((~criterion).sum()) - fp)


def _ratio(top: float, bottom: float) -> float:
    if bottom == 0:
        return math.nan if top == 0 else math.inf
    return top / bottom


def _log_variance(*counts: int) -> float:
    """The variance of the logarithm of a ratio of counts, by the delta method.

    It is Σ 1/count, in which a negative count subtracts its term; infinite if a count
    is 0.
    """
    return math.inf if 0 in counts else sum(1 / count for count in counts)


def likelihood_ratios(table: Confusion) -> tuple[Estimate, Estimate]:
    """LR+ = Se / (1 − Sp) and LR− = (1 − Se) / Sp.

    Limits by their logarithm (Simel, Samsa and Matchar 1991).
    """
    ill, well = table.tp + table.fn, table.fp + table.tn
    above = _ratio(_ratio(table.tp, ill), _ratio(table.fp, well))
    below = _ratio(_ratio(table.fn, ill), _ratio(table.tn, well))
    return (
        by_log(above, _log_variance(table.tp, -ill, table.fp, -well)),
        by_log(below, _log_variance(table.fn, -ill, table.tn, -well)),
    )


def accuracy(table: Confusion) -> Results:
    """Every measure of a 2 × 2 table.

    Proportions with Wilson intervals, ratios with limits by their logarithm.
    Over-referral is the share of all who are positive by the outcome only,
    under-referral the share of all who are positive by the criterion only.
    """
    tp, fp, fn, tn = table
    n = table.n
    above, below = likelihood_ratios(table)
    return {
        "table": table,
        "n": n,
        "prevalence": proportion(tp + fn, n),
        "sensitivity": proportion(tp, tp + fn),
        "specificity": proportion(tn, fp + tn),
        "ppv": proportion(tp, tp + fp),
        "npv": proportion(tn, fn + tn),
        "accuracy": proportion(tp + tn, n),
        "positive_likelihood_ratio": above,
        "negative_likelihood_ratio": below,
        "diagnostic_odds_ratio": by_log(
            _ratio(tp * tn, fp * fn), _log_variance(tp, fp, fn, tn)
        ),
        "youden": youden_index(table),
        "kappa": kappa(np.array([[tp, fp], [fn, tn]], float)),
        "over_referral": proportion(fp, n),
        "under_referral": proportion(fn, n),
    }


def youden_index(table: Confusion) -> Estimate:
    """Se + Sp − 1 (Youden 1950), a difference of two proportions: Se and 1 − Sp.

    The interval is computed from their Wilson intervals (Newcombe 1998, method 10),
    because with perfect separation the variances would be 0.
    """
    parts = (
        proportion(table.tp, table.tp + table.fn),
        proportion(table.tn, table.fp + table.tn),
    )
    value = sum(part.value for part in parts) - 1
    below = math.hypot(
        *(part.value - part.low for part in parts if part.low is not None)
    )
    above = math.hypot(
        *(part.high - part.value for part in parts if part.high is not None)
    )
    if not math.isfinite(value):
        return Estimate(value)
    return between(value, value - below, value + above, -1.0, 1.0)


def predictive_values(
    sensitivity: float, specificity: float, prevalence: float
) -> tuple[float, float]:
    """PPV and NPV at a prevalence of the condition, by Bayes' theorem."""
    ill, well = prevalence, 1 - prevalence
    ppv = _ratio(sensitivity * ill, sensitivity * ill + (1 - specificity) * well)
    return ppv, _ratio(specificity * well, specificity * well + (1 - sensitivity) * ill)


class Roc(NamedTuple):
    """The points of a ROC curve, the strictest cut first; scores at or above a cut are positive."""

    cuts: Numbers
    true_positives: Numbers
    false_positives: Numbers


def roc(scores: Numbers, criterion: Flags) -> Roc:
    """One point for each score that occurs, and one for an infinite cut, at which
    nobody is positive.
    """
    order = np.argsort(-scores, kind="stable")
    descending, ill = scores[order], np.cumsum(criterion[order])
    # The last index of each score: all children with one score become positive at the
    # same cut.
    last = np.r_[np.flatnonzero(np.diff(descending)), len(descending) - 1]
    well = last + 1 - ill[last]
    return Roc(
        np.r_[np.inf, descending[last]],
        np.r_[0, ill[last]] / ill[-1],
        np.r_[0, well] / (len(scores) - int(ill[-1])),
    )


def midranks(values: Numbers) -> Numbers:
    """The rank of each value from 1; equal values share the mean of their ranks.

    Written here because `scipy.stats` takes longer to load than a study
    takes to compute.
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])


def area(scores: Numbers, criterion: Flags) -> Estimate:
    """The area under the ROC curve, ties counting half.

    The interval is that of DeLong, DeLong and Clarke-Pearson (1988). The placements of
    each group in the other are computed from ranks (Sun and Xu 2014). If all placements
    are equal, as with perfect separation, their variance is 0, and the interval is that
    of Newcombe (2006, part 2, method 5).
    """
    ill, well = scores[criterion], scores[~criterion]
    m, n = len(ill), len(well)
    ranks = midranks(np.r_[ill, well])
    of_ill = (ranks[:m] - midranks(ill)) / n
    of_well = 1 - (ranks[m:] - midranks(well)) / m
    value = float(of_ill.mean())
    # A variance needs at least two values.
    if m < 2 or n < 2:
        return Estimate(value)
    half = quantile() * math.sqrt(
        float(of_ill.var(ddof=1)) / m + float(of_well.var(ddof=1)) / n
    )
    # An interval of [1, 1] from twelve children would claim that a thirteenth
    # cannot be misclassified.
    if half == 0:
        low, high = _lowest_area(value, m, n), 1 - _lowest_area(1 - value, m, n)
    else:
        low, high = value - half, value + half
    return between(value, low, high, 0.0, 1.0)


def _lowest_area(value: float, m: int, n: int) -> float:
    """The lowest area that is compatible with a value, by the variance at that area.

    It solves (value − θ)² = z² θ(1 − θ)(1 + (N − 1)((1 − θ)/(2 − θ) + θ/(1 + θ)))/(mn)
    by bisection; N is the mean of m and n.
    """
    low, high = 0.0, value
    for _ in range(60):
        theta = (low + high) / 2
        spread = (1 - theta) / (2 - theta) + theta / (1 + theta)
        variance = theta * (1 - theta) * (1 + ((m + n) / 2 - 1) * spread) / (m * n)
        if (value - theta) ** 2 > quantile() ** 2 * variance:
            low = theta
        else:
            high = theta
    return low


def best_cut(curve: Roc) -> dict[str, float]:
    """The cut with the largest Youden index; among equal ones the strictest."""
    index = curve.true_positives - curve.false_positives
    # Rounded, because equal indices can differ by the rounding error
    # of the subtraction.
    best = int(np.argmax(np.round(index, 12)))
    return {
        "cut": float(curve.cuts[best]),
        "youden": float(index[best]),
        "sensitivity": float(curve.true_positives[best]),
        "specificity": float(1 - curve.false_positives[best]),
    }
