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
    """Whether a table may be published when the total of its children is published."""
    return cells.may_publish(counts.tolist(), threshold)
