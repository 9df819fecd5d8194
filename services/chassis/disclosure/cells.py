"""Whether counts may be published to those who may not read the records. Pure.

A table is published whole or suppressed whole. It may be published when every cell is
empty or reaches the threshold, and at least two cells reach it. A table whose subjects
are all in one cell is therefore never published: whoever sees none, and knows this
rule, cannot rule out that all subjects are in any one cell.

A published table is replaced when every cell has changed by nothing or by at least the
threshold, and at least two cells have changed. No cell is hidden for the sake of
another (complementary suppression): whoever knows why it was hidden would know the
other. The proof: docs/decisions/0014-what-is-told-of-few.md.
"""

from collections.abc import Sequence
from typing import TypeAlias

Table: TypeAlias = int | Sequence["Table"]
"""A total, the cells of one dimension, or rows of cells: as JSON holds them."""

# The least threshold: nobody can lower it, so no number from 1 to 4 is published.
FEW = 5


def threshold_of(small_cell: int) -> int:
    """The least number that is published where `small_cell` is asked for."""
    return max(FEW, small_cell)


def cells_of(table: Table) -> list[int]:
    """The cells of a table, row by row."""
    if isinstance(table, int):
        return [table]
    return [cell for part in table for cell in cells_of(part)]


def may_publish(table: Table, threshold: int) -> bool:
    """Whether a table may be published, of subjects whose total is published."""
    return _is_safe(cells_of(table), threshold)


def may_replace(published: Table | None, table: Table, threshold: int) -> bool:
    """Whether a table may be published after another, which has as many cells.

    Always when there is none.
    """
    if published is None:
        return True
    pairs = zip(cells_of(published), cells_of(table), strict=True)
    # The change obeys the rule of a table: a difference of two releases is one, too.
    return _is_safe([abs(now - before) for before, now in pairs], threshold)


def _is_safe(cells: Sequence[int], threshold: int) -> bool:
    """Whether each cell is empty or reaches the threshold, and two or more reach it."""
    # One filled cell alone would reveal that every subject is in it.
    reaching = sum(cell >= threshold for cell in cells)
    return reaching >= 2 and all(cell == 0 or cell >= threshold for cell in cells)


def may_cross(table: Table, threshold: int) -> bool:
    """Whether a two-way table may be published; both its margins are published.

    Every cell in a row and a column that are not empty must reach the threshold. Then
    a reader of the margins alone must expect a cell to be empty, or as large as row and
    column allow.
    """
    rows = [[table]] if isinstance(table, int) else [cells_of(row) for row in table]
    # An empty row or column is known from the margins: its zeros reveal no more.
    filled = [row for row in rows if any(row)]
    columns = [column for column in zip(*filled, strict=True) if any(column)]
    return all(cell >= threshold for column in columns for cell in column)


def may_cross_each(layers: Table, threshold: int) -> bool:
    """Whether two-way tables of parted subjects may be published beside their margins.

    All or none: the missing layer would reveal where the few are.
    """
    parts = [layers] if isinstance(layers, int) else layers
    return all(may_cross(layer, threshold) for layer in parts)


def may_publish_total(published: Table | None, total: Table, threshold: int) -> bool:
    """Whether a total may be published, after the one before or for the first time.

    It must reach the threshold, and have changed by at least as much.
    """
    now, before = sum(cells_of(total)), sum(cells_of(published or 0))
    return now >= threshold and abs(now - before) >= threshold
