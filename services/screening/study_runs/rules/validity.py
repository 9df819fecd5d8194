"""The outcome and the raw score of a sample against the criterion."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.screening.campaigns.rules.disclosure import FEW
from services.screening.study_runs.rules.criterion import (
    Roc,
    accuracy,
    area,
    best_cut,
    confusion,
    predictive_values,
    roc,
)
from services.screening.study_runs.rules.estimates import (
    Flags,
    Results,
    TooFew,
    proportion,
    require,
)
from services.screening.study_runs.rules.sample import Row, Sample, raw_scores
from services.screening.study_runs.rules.verification import Verified, corrected

DETERMINED = ("positive", "negative")
LEAST_OF_EACH = 10
"""The least number of children with, and of children without, the condition for a comparison."""
PREVALENCES = (0.01, 0.05, 0.10, 0.20, 0.50)


def criterion_section(sample: Sample) -> Results:
    """Outcome and raw score against the criterion: for verified children, and corrected for all."""
    # An undetermined screening is neither positive nor negative; the number of these is
    # shown beside the table.
    determined = [row for row in sample.rows if row["outcome"] in DETERMINED]
    verified = [row for row in determined if row["criterion"] in DETERMINED]
    require("verified", sample.task.minimum_n, len(verified))
    ill = np.array([row["criterion"] == "positive" for row in verified])
    require("with_the_condition", LEAST_OF_EACH, int(ill.sum()))
    require("without_the_condition", LEAST_OF_EACH, int((~ill).sum()))
    outcome = np.array([row["outcome"] == "positive" for row in verified])
    naive = accuracy(confusion(outcome, ill))
    ages = [row["age"] for row in sample.rows]
    unverified = len(determined) - len(verified)
    return {
        "n": len(sample.rows),
        "verified": len(verified),
        "undetermined": len(sample.rows) - len(determined),
        "missing_criterion": proportion(unverified, len(determined)),
        "age_months": {"lowest": min(ages), "highest": max(ages)},
        "naive": naive,
        **_corrected(determined, naive, sample.task.prevalences),
        "roc": _curve(sample, verified, ill),
    }


def _corrected(
    determined: Sequence[Row], naive: Results, prevalences: Sequence[float]
) -> Results:
    """The correction for partial verification, and predictive values.

    The predictive values use the corrected sensitivity and specificity, or the naive
    ones if there are no corrected ones.
    """
    try:
        correction: Results = corrected(
            *(_verified(determined, outcome) for outcome in DETERMINED)
        )
        best, name = correction["corrected"], "corrected"
    except TooFew as too_few:
        # No child with one of the outcomes was verified: only the naive
        # measures are available.
        correction, best, name = {"refused": too_few.refusal}, naive, "naive"
    sensitivity, specificity = best["sensitivity"].value, best["specificity"].value
    return {
        "partial_verification": correction,
        "at_prevalence_by": name,
        "at_prevalence": [
            _at_prevalence(sensitivity, specificity, prevalence)
            for prevalence in sorted({*prevalences, *PREVALENCES})
        ],
    }


def _at_prevalence(
    sensitivity: float, specificity: float, prevalence: float
) -> Results:
    ppv, npv = predictive_values(sensitivity, specificity, prevalence)
    return {"prevalence": prevalence, "ppv": ppv, "npv": npv}


def _verified(rows: Sequence[Row], outcome: str) -> Verified:
    criteria = [row["criterion"] for row in rows if row["outcome"] == outcome]
    ill = criteria.count("positive")
    return Verified(len(criteria), ill + criteria.count("negative"), ill)


def _curve(sample: Sample, verified: Sequence[Row], ill: Flags) -> Results:
    """The ROC curve of the raw score, from verified children who have one."""
    raw = raw_scores(verified, sample.task.scale)
    has_score = ~np.isnan(raw)
    # A ROC curve assumes that high scores mean illness: if low scores are worse, the
    # scores are negated here and the cuts negated back below.
    risk, ill = raw[has_score] * sample.risk_sign, ill[has_score]
    if min(ill.sum(), (~ill).sum()) < LEAST_OF_EACH:
        return {"refused": {"reason": "raw_scores", "needed": LEAST_OF_EACH}}
    curve = roc(risk, ill)
    best = best_cut(curve)
    columns = [
        curve.cuts * sample.risk_sign,
        curve.true_positives,
        curve.false_positives,
    ]
    points = np.column_stack(columns)[_points_apart(curve, ill)]
    names = ("cut", "sensitivity", "false_positive_rate")
    return {
        "n": len(risk),
        "auc": area(risk, ill),
        "positive_is": "at_or_above" if sample.risk_sign > 0 else "at_or_below",
        "best_cut": best | {"cut": best["cut"] * sample.risk_sign},
        "points": [dict(zip(names, point, strict=True)) for point in points],
    }


def _points_apart(curve: Roc, ill: Flags) -> NDArray[np.int64]:
    """The indices of the points to publish: at least FEW children are between two of them.

    Both ends of the curve are among them.
    """
    ill_n, well_n = int(ill.sum()), int((~ill).sum())
    positive = np.round(curve.true_positives * ill_n + curve.false_positives * well_n)
    places = [0]
    for place, children in enumerate(positive):
        if children - positive[places[-1]] >= FEW:
            places.append(place)
    last = len(positive) - 1
    if places[-1] != last:
        # The end replaces a point that is too near to it, unless that point
        # is the beginning.
        if len(places) > 1:
            places.pop()
        places.append(last)
    return np.array(places)
