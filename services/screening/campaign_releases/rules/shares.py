"""Shares with their intervals; they are computed for each answer and never stored.

Pure.
"""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Share(NamedTuple):
    """A share of a whole with the ends of its 95 % interval; each between 0 and 1."""

    share: float
    low: float
    high: float


def share_of(
    part: int | None, whole: int | None, confidence: float = 0.95
) -> Share | None:
    """The share that `part` is of `whole`.

    None when the whole is empty or a number is suppressed.

    Wilson's score interval (Wilson 1927): unlike Wald's it never leaves 0 to 1.
    """
    if part is None or whole is None or whole <= 0:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = part / whole
    shrinkage = 1 + z * z / whole
    centre = (share + z * z / (2 * whole)) / shrinkage
    variance = share * (1 - share) / whole + z * z / (4 * whole * whole)
    half = z * sqrt(variance) / shrinkage
    # Only rounding can carry a Wilson limit beyond 0 or 1.
    return Share(share, max(0.0, centre - half), min(1.0, centre + half))
