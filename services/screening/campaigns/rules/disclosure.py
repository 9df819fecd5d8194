"""Statistical disclosure control: what is published to who may not read the records.

Pure.

A table is published whole or suppressed whole. It may be published when every cell is
empty or reaches the threshold, and at least two cells reach it. A table whose children
are all in one cell is therefore never published: whoever sees none, and knows this
rule, cannot rule out that all children are in any one cell.

A published table is replaced when every cell has changed by nothing or by at least the
threshold, and at least two cells have changed. The proof:
docs/decisions/0014-what-is-told-of-few.md.
"""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

FEW = 5
"""The least threshold: no campaign can lower it, so numbers from 1 to 4 are never published."""


def threshold_of(small_cell: int) -> int:
    """The least number of children that a campaign publishes."""
    return max(FEW, small_cell)


def may_publish(counts: Counts, threshold: int) -> bool:
    """Whether a table may be published, of children whose total is published."""
    return _is_safe(counts, threshold)


def may_replace(published: Counts | None, counts: Counts, threshold: int) -> bool:
    """Whether a table may be published after the one before; always when there is none."""
    return published is None or _is_safe(np.abs(counts - published), threshold)


def _is_safe(cells: Counts, threshold: int) -> bool:
    """Whether each cell is empty or reaches the threshold, and at least two reach it."""
    reaches = cells >= threshold
    return bool((reaches | (cells == 0)).all() and reaches.sum() >= 2)


def may_cross(counts: Counts, threshold: int) -> bool:
    """Whether a two-way table may be published beside its margins, both of which are published.

    Every cell in a row and a column that are not empty must reach the threshold. Then
    whoever does not see the table must expect a cell to be empty, or as large as row
    and column allow.
    """
    inner = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    return bool((inner >= threshold).all())
