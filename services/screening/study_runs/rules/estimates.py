"""Estimates with their intervals, refusals for too little data, and the conversion of
both to JSON.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Results = dict[str, Any]
"""A part of a study's results: a JSON document once it is `plain`."""
CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """An estimate with the limits of its interval.

    An unknown limit is None.
    """

    value: float
    low: float | None = None
    high: float | None = None


def between(
    value: float,
    low: float,
    high: float,
    least: float = -math.inf,
    most: float = math.inf,
) -> Estimate:
    """An estimate with limits on either side of it, cut to the range of possible values.

    Without the cut, rounding could give an upper limit of 0.9999999999999998 for a
    value of 1.
    """
    return Estimate(value, max(least, min(low, value)), min(most, max(high, value)))


class Refusal(NamedTuple):
    """Why a figure is not computed: the data of which there is too little, and how much is needed.

    It never has the present amount, which would disclose few children.
    """

    reason: str
    needed: int


class TooFew(Exception):
    """Raised by a calculation that has too little data."""

    def __init__(self, reason: str, needed: int) -> None:
        self.refusal = Refusal(reason, needed)
        super().__init__(reason)


def require(reason: str, needed: int, count: int) -> None:
    """Raise TooFew unless `count` is at least `needed`."""
    if count < needed:
        raise TooFew(reason, needed)


def quantile(confidence: float = CONFIDENCE) -> float:
    """The standard normal quantile of a two-sided interval."""
    return float(special.ndtri(0.5 + confidence / 2))


def proportion(count: float, total: float, confidence: float = CONFIDENCE) -> Estimate:
    """A proportion with its Wilson score interval (Wilson 1927), which stays within 0 and 1.

    NaN when `total` is 0.
    """
    if total <= 0:
        return Estimate(math.nan)
    z, share = quantile(confidence), count / total
    scale = 1 + z * z / total
    middle = (share + z * z / (2 * total)) / scale
    half = (
        z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / scale
    )
    return between(share, middle - half, middle + half, 0.0, 1.0)


def by_log(value: float, variance: float, confidence: float = CONFIDENCE) -> Estimate:
    """A ratio whose logarithm has this variance.

    It has no limits if the logarithm or its variance is not finite.
    """
    if not (0 < value < math.inf and math.isfinite(variance)):
        return Estimate(value)
    half = quantile(confidence) * math.sqrt(variance)
    return between(value, value * math.exp(-half), value * math.exp(half))


def by_logit(value: float, variance: float, confidence: float = CONFIDENCE) -> Estimate:
    """A proportion whose logit has this variance.

    It has no limits at 0 and 1, where the logit is infinite.
    """
    if not (0 < value < 1 and math.isfinite(variance)):
        return Estimate(value)
    middle = math.log(value / (1 - value))
    half = quantile(confidence) * math.sqrt(variance)
    low, high = 1 / (1 + math.exp(half - middle)), 1 / (1 + math.exp(-half - middle))
    return between(value, low, high, 0.0, 1.0)


def plain(value: Any) -> Any:
    """A value that JSON can represent.

    Named tuples become objects, numpy types become Python types, and numbers that are
    not finite become null.
    """
    # Before the test for sequences: a named tuple is a sequence, and would
    # lose its names.
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(member) for name, member in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(member) for member in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value
