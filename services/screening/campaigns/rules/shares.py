"""Shares are computed when they are asked for, never kept, and come with their interval. Pure."""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Share(NamedTuple):
    """A share of a whole with its 95 % interval by Wilson; each between 0 and 1."""

    share: float
    low: float
    high: float


def share_of(
    part: int | None, whole: int | None, confidence: float = 0.95
) -> Share | None:
    """The share that `part` is of `whole`; None of nothing, and of what is hidden.

    Wilson's score interval (Wilson 1927): unlike Wald's it never leaves 0 to 1.
    """
    if part is None or whole is None or whole <= 0:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = part / whole
    centre = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = (
        z
        * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
        / (1 + z * z / whole)
    )
    return Share(share, max(0.0, centre - half), min(1.0, centre + half))
