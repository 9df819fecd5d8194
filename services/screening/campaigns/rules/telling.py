"""When a table may be told to those who may not read the records. Pure.

A table is told whole or not at all. It is told when every number is 0 or no few, and at least two
are no few: so whoever is not told it, and knows this rule, must reckon with all children being of
any one category, since such a table is never told either.

It is told anew when every number has changed by 0 or by no few since, and at least two have changed.
"""

import numpy as np

from services.screening.campaigns.rules.counted import Counts

FEW = 5
"""The least number that is told; no campaign can lower it."""


def threshold_of(small_cell: int) -> int:
    """From how many children on a campaign tells a number."""
    return max(FEW, small_cell)


def may_tell(counts: Counts, threshold: int) -> bool:
    """Whether this table of a told population may be told."""
    enough = counts >= threshold
    return bool((enough | (counts == 0)).all() and enough.sum() >= 2)


def may_move(before: Counts | None, now: Counts, threshold: int) -> bool:
    """Whether this table may be told after that one; always when none was."""
    if before is None:
        return True
    steps = np.abs(now - before)
    enough = steps >= threshold
    return bool((enough | (steps == 0)).all() and enough.sum() >= 2)


def may_cross(counts: Counts, threshold: int) -> bool:
    """Whether a table of two dimensions, both of which are told, may be told.

    Every number must be no few, and so no zero either, wherever its row and its column are not
    empty: then whoever is not told it must reckon with none, and with all that row and column allow.
    """
    there = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    return bool((there >= threshold).all())
