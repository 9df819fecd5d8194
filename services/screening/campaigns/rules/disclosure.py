"""Statistical disclosure control of counts in arrays, by the rule of the chassis. Pure.

The rule and its reasons: `services.chassis.disclosure.cells`.
"""

import numpy as np
from numpy.typing import NDArray

from services.chassis.disclosure import cells
from services.chassis.disclosure.cells import FEW as FEW
from services.chassis.disclosure.cells import threshold_of as threshold_of

Counts = NDArray[np.int64]


def may_publish(counts: Counts, threshold: int) -> bool:
    """Whether a table may be published, of children whose total is published."""
    return cells.may_publish(counts.tolist(), threshold)


def may_replace(published: Counts | None, counts: Counts, threshold: int) -> bool:
    """Whether a table may be published after the one before; always when there is none."""
    before = None if published is None else published.tolist()
    return cells.may_replace(before, counts.tolist(), threshold)


def may_cross(counts: Counts, threshold: int) -> bool:
    """Whether a two-way table may be published beside its margins, which both are."""
    return cells.may_cross(counts.tolist(), threshold)
