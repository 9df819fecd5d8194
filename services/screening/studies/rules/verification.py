"""Sensitivity and specificity where the criterion is known of a chosen part only (stage two of two)."""

import math
from typing import Any, NamedTuple

from services.screening.studies.rules.criterion import Confusion, accuracy
from services.screening.studies.rules.estimates import (
    Estimate,
    by_logit,
    proportion,
    require,
)


class Verified(NamedTuple):
    """Of those with one outcome: how many in all, how many were verified, how many of these have the condition."""

    all: int
    verified: int
    ill: int

    @property
    def share_ill(self) -> float:
        """The condition among the verified."""
        return self.ill / self.verified


def corrected(positive: Verified, negative: Verified) -> dict[str, Any]:
    """The naive figures of the verified alone and the corrected ones of everybody, side by side.

    Begg and Greenes (1983): given the outcome, whether somebody was verified depends on the condition no further; then
    the share of the ill among the verified of an outcome is that among all of it. Limits by the delta method on the
    logit. TooFew when nobody of one outcome was verified: then no sensitivity can be had of the data.
    """
    require("verified_positives", 1, positive.verified)
    require("verified_negatives", 1, negative.verified)
    seen = Confusion(
        positive.ill,
        positive.verified - positive.ill,
        negative.ill,
        negative.verified - negative.ill,
    )
    naive = accuracy(seen)
    n = positive.all + negative.all
    above, below = positive.share_ill, negative.share_ill
    sensitivity = _share(positive.all * above, negative.all * below)
    specificity = _share(negative.all * (1 - below), positive.all * (1 - above))
    chosen = n / (positive.all * negative.all)
    se = by_logit(
        sensitivity,
        chosen
        + _relative(above, positive.verified)
        + _relative(below, negative.verified),
    )
    sp = by_logit(
        specificity,
        chosen
        + _relative(1 - above, positive.verified)
        + _relative(1 - below, negative.verified),
    )
    return {
        "n": n,
        "verified": positive.verified + negative.verified,
        "verified_of_positive": proportion(positive.verified, positive.all),
        "verified_of_negative": proportion(negative.verified, negative.all),
        "naive": {
            "sensitivity": naive["sensitivity"],
            "specificity": naive["specificity"],
        },
        "corrected": {
            "sensitivity": se,
            "specificity": sp,
            "prevalence": _prevalence(positive, negative),
            "ppv": proportion(positive.ill, positive.verified),
            "npv": proportion(negative.verified - negative.ill, negative.verified),
        },
        "assumption": "missing_at_random_given_outcome",
    }


def _prevalence(positive: Verified, negative: Verified) -> Estimate:
    """The share of the ill of each outcome, weighed by how many have it; limits by the delta method on the logit.

    Without limits where all or none of an outcome's verified are ill: their own share then shows no variance.
    """
    n, above, below = (
        positive.all + negative.all,
        positive.share_ill,
        negative.share_ill,
    )
    outcome = positive.all / n
    value = outcome * above + (1 - outcome) * below
    variance = (above - below) ** 2 * outcome * (1 - outcome) / n
    for weight, share, seen in (
        (outcome, above, positive.verified),
        (1 - outcome, below, negative.verified),
    ):
        variance += (
            weight**2 * share * (1 - share) / seen if 0 < share < 1 else math.inf
        )
    return by_logit(
        value, variance / (value * (1 - value)) ** 2 if 0 < value < 1 else math.inf
    )


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest > 0 else math.nan


def _relative(share: float, n: int) -> float:
    """The variance of a proportion's logarithm; infinite where nobody was found."""
    return (1 - share) / (n * share) if share > 0 else math.inf
