"""How an outcome compares with a criterion: the 2 × 2 table, the ROC curve, another prevalence."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.screening.studies.rules.agreement import kappa
from services.screening.studies.rules.estimates import (
    Estimate,
    by_log,
    proportion,
    quantile,
)

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Confusion(NamedTuple):
    """An outcome against a criterion: `tp` positive by both, `fp` by the outcome alone, `fn` by the criterion alone."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        """Everybody in the table."""
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
    """Σ ±1/n of the counts, of which those under a minus are given negative; infinite with an empty cell."""
    return math.inf if 0 in counts else sum(1 / count for count in counts)


def likelihood_ratios(table: Confusion) -> tuple[Estimate, Estimate]:
    """LR+ = Se / (1 − Sp) and LR− = (1 − Se) / Sp, with limits by their logarithm (Simel, Samsa and Matchar 1991)."""
    ill, well = table.tp + table.fn, table.fp + table.tn
    above = _ratio(_ratio(table.tp, ill), _ratio(table.fp, well))
    below = _ratio(_ratio(table.fn, ill), _ratio(table.tn, well))
    return (
        by_log(above, _log_variance(table.tp, -ill, table.fp, -well)),
        by_log(below, _log_variance(table.fn, -ill, table.tn, -well)),
    )


def accuracy(table: Confusion) -> dict[str, Any]:
    """Everything that is read off a 2 × 2 table; proportions with Wilson intervals, ratios with limits by logarithm.

    Over-referral: positive by the outcome alone, of all. Under-referral: by the criterion alone, of all.
    """
    tp, fp, fn, tn = table
    n, z = table.n, quantile()
    sensitivity, specificity = proportion(tp, tp + fn), proportion(tn, fp + tn)
    above, below = likelihood_ratios(table)
    youden = sensitivity.value + specificity.value - 1
    spread = z * math.sqrt(
        _binomial_variance(tp, tp + fn) + _binomial_variance(tn, fp + tn)
    )
    return {
        "table": table,
        "n": n,
        "prevalence": proportion(tp + fn, n),
        "sensitivity": sensitivity,
        "specificity": specificity,
        "ppv": proportion(tp, tp + fp),
        "npv": proportion(tn, fn + tn),
        "accuracy": proportion(tp + tn, n),
        "positive_likelihood_ratio": above,
        "negative_likelihood_ratio": below,
        "diagnostic_odds_ratio": by_log(
            _ratio(tp * tn, fp * fn), _log_variance(tp, fp, fn, tn)
        ),
        "youden": Estimate(
            youden, max(-1.0, youden - spread), min(1.0, youden + spread)
        ),
        "kappa": kappa(np.array([[tp, fp], [fn, tn]], float)),
        "over_referral": proportion(fp, n),
        "under_referral": proportion(fn, n),
    }


def _binomial_variance(count: int, total: int) -> float:
    return count * (total - count) / total**3 if total else math.nan


def predictive_values(
    sensitivity: float, specificity: float, prevalence: float
) -> tuple[float, float]:
    """PPV and NPV where so many have the condition (Bayes)."""
    ill, well = prevalence, 1 - prevalence
    ppv = _ratio(sensitivity * ill, sensitivity * ill + (1 - specificity) * well)
    return ppv, _ratio(specificity * well, specificity * well + (1 - sensitivity) * ill)


class Roc(NamedTuple):
    """The points of a ROC curve from the strictest cut on: positive is a score at or above `cuts`."""

    cuts: Numbers
    true_positives: Numbers
    false_positives: Numbers


def roc(scores: Numbers, criterion: Flags) -> Roc:
    """One point for each score that occurs, and the one where nobody is positive (its cut is infinite)."""
    order = np.argsort(-scores, kind="stable")
    sorted_, ill = scores[order], np.cumsum(criterion[order])
    last = np.r_[np.flatnonzero(np.diff(sorted_)), len(sorted_) - 1]
    well = last + 1 - ill[last]
    return Roc(
        np.r_[np.inf, sorted_[last]],
        np.r_[0, ill[last]] / ill[-1],
        np.r_[0, well] / (len(scores) - int(ill[-1])),
    )


def midranks(values: Numbers) -> Numbers:
    """The rank of each value from 1; equal ones share the middle of theirs. `scipy.stats` takes long to load for it."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])


def area(scores: Numbers, criterion: Flags) -> Estimate:
    """The area under the ROC curve, ties counting half, with the interval of DeLong, DeLong and Clarke-Pearson (1988).

    The placements of each group among the other come from ranks, as Sun and Xu (2014) compute them.
    """
    ill, well = scores[criterion], scores[~criterion]
    m, n = len(ill), len(well)
    ranks = midranks(np.r_[ill, well])
    of_ill = (ranks[:m] - midranks(ill)) / n
    of_well = 1 - (ranks[m:] - midranks(well)) / m
    value = float(of_ill.mean())
    if m < 2 or n < 2:
        return Estimate(value)
    half = quantile() * math.sqrt(
        float(of_ill.var(ddof=1)) / m + float(of_well.var(ddof=1)) / n
    )
    return Estimate(value, max(0.0, value - half), min(1.0, value + half))


def best_cut(curve: Roc) -> dict[str, float]:
    """The cut with the largest Youden index; of several equal ones the strictest."""
    index = curve.true_positives - curve.false_positives
    best = int(np.argmax(np.round(index, 12)))
    return {
        "cut": float(curve.cuts[best]),
        "youden": float(index[best]),
        "sensitivity": float(curve.true_positives[best]),
        "specificity": float(1 - curve.false_positives[best]),
    }
