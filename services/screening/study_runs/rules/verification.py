"""Sensitivity and specificity when the criterion is known only for a selected part."""

import math
from typing import NamedTuple

from services.screening.study_runs.rules.criterion import Confusion, accuracy
from services.screening.study_runs.rules.estimates import (
    Estimate,
    Results,
    by_logit,
    proportion,
    require,
)


class Verified(NamedTuple):
    """The children with one outcome: all, the verified among them, and the ill among
    the verified.
    """

    all: int
    verified: int
    ill: int

    @property
    def share_ill(self) -> float:
        """The share of the ill among the verified."""
        return self.ill / self.verified


def corrected(positive: Verified, negative: Verified) -> Results:
    """The naive measures from the verified only, and the corrected ones for all, side by side.

    TooFew if no child with one of the outcomes was verified: then sensitivity
    cannot be computed.
    """
    require("verified_positives", 1, positive.verified)
    require("verified_negatives", 1, negative.verified)
    false_positives = positive.verified - positive.ill
    true_negatives = negative.verified - negative.ill
    naive = accuracy(
        Confusion(positive.ill, false_positives, negative.ill, true_negatives)
    )
    return {
        "n": positive.all + negative.all,
        "verified": positive.verified + negative.verified,
        "verified_of_positive": proportion(positive.verified, positive.all),
        "verified_of_negative": proportion(negative.verified, negative.all),
        "naive": {name: naive[name] for name in ("sensitivity", "specificity")},
        "corrected": {
            **_of_everybody(positive, negative),
            "prevalence": _prevalence(positive, negative),
            "ppv": proportion(positive.ill, positive.verified),
            "npv": proportion(true_negatives, negative.verified),
        },
        "assumption": "missing_at_random_given_outcome",
    }


def _of_everybody(positive: Verified, negative: Verified) -> Results:
    """Sensitivity and specificity corrected by Begg and Greenes (1983).

    The assumption: given the outcome, verification does not depend on the condition. So
    among all children with an outcome the share of the ill equals that among the
    verified. Limits by the delta method on the logit.
    """
    above, below = positive.share_ill, negative.share_ill
    n = positive.all + negative.all
    # 1/n₁ + 1/n₀: the variance of the logit of the share that is positive.
    of_outcome = n / (positive.all * negative.all)
    of_ill = _log_variance(above, positive.verified) + _log_variance(
        below, negative.verified
    )
    of_well = _log_variance(1 - above, positive.verified) + _log_variance(
        1 - below, negative.verified
    )
    sensitivity = _share(positive.all * above, negative.all * below)
    specificity = _share(negative.all * (1 - below), positive.all * (1 - above))
    return {
        "sensitivity": by_logit(sensitivity, of_outcome + of_ill),
        "specificity": by_logit(specificity, of_outcome + of_well),
    }


def _prevalence(positive: Verified, negative: Verified) -> Estimate:
    """The share of the ill in each outcome, weighted by the number of children with the outcome.

    Limits by the delta method on the logit. There are no limits if all or none of the
    verified with one outcome are ill, because then their share has
    no estimated variance.
    """
    n = positive.all + negative.all
    above, below = positive.share_ill, negative.share_ill
    share = positive.all / n
    value = share * above + (1 - share) * below
    variance = (above - below) ** 2 * share * (1 - share) / n
    variance += share**2 * _variance(above, positive.verified)
    variance += (1 - share) ** 2 * _variance(below, negative.verified)
    if not 0 < value < 1:
        return by_logit(value, math.inf)
    return by_logit(value, variance / (value * (1 - value)) ** 2)


def _variance(share: float, n: int) -> float:
    return share * (1 - share) / n if 0 < share < 1 else math.inf


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest > 0 else math.nan


def _log_variance(share: float, n: int) -> float:
    """The variance of a proportion's logarithm; infinite where the proportion is 0."""
    return (1 - share) / (n * share) if share > 0 else math.inf
