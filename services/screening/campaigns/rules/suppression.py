"""Small numbers are hidden so that no combination of the published tables gives one away. Pure.

Children are counted by county, implementer, age band, sex and status; a status is looked at through views (the outcome
of stage one, the state of stage two). Published are the total, every dimension alone, county × each other dimension,
and each other dimension × the views of the status. Nothing else ever is, so this is all that can be combined.

A count from 1 to threshold − 1 is small; 0 tells of nobody. Where a row of a table holds a small count the whole row is
hidden, and further rows with it until two things hold: what the hidden cells of a column come to is 0 or not small
(subtraction gives nothing away), and every hidden cell can change while everything published stays as it is, because
children of hidden rows could exchange a category within one and the same context (by the bounds of Fréchet such an
exchange exists when neither the row nor the column is the whole of the context). The exchange is looked for in the true
counts: whoever sees only what is published can rule out even less. A dimension for which that cannot be had is not
published at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Group = tuple[int, int]

COUNTY, IMPLEMENTER, AGE_BAND, SEX, STATUS = range(5)
LEAVES = (IMPLEMENTER, AGE_BAND, SEX)
GROUPS: tuple[Group, ...] = (
    *((COUNTY, leaf) for leaf in LEAVES),
    (COUNTY, STATUS),
    *((leaf, STATUS) for leaf in LEAVES),
)
"""The published tables: rows by the first dimension, columns by the second, or by each view of the status."""


@dataclass
class Hiding:
    """What is hidden of these counts. Rows of a table are hidden for all views of its columns at once."""

    counts: Counts
    views: Sequence[Counts]
    threshold: int
    margins: dict[tuple[int, int], Mask] = field(default_factory=dict)
    rows: dict[Group, Mask] = field(default_factory=dict)
    unpublished: set[int] = field(default_factory=set)
    is_total_hidden: bool = False

    def views_of(self, axis: int) -> Sequence[Counts]:
        """The ways to look at a dimension: a matrix of categories × columns each."""
        return (
            self.views
            if axis == STATUS
            else (np.eye(self.counts.shape[axis], dtype=np.int64),)
        )

    def table(self, group: Group, view: int = 0) -> Counts:
        """The counts of a table, small ones and all."""
        others = tuple(axis for axis in range(5) if axis not in group)
        found: Counts = self.counts.sum(axis=others) @ self.views_of(group[1])[view]
        return found

    def margin(self, axis: int, view: int = 0) -> Counts:
        """The counts of one dimension, small ones and all."""
        others = tuple(other for other in range(5) if other != axis)
        found: Counts = self.counts.sum(axis=others) @ self.views_of(axis)[view]
        return found

    def hidden_cells(self, group: Group, view: int = 0) -> Mask:
        """Which cells of a table are not published."""
        table, hidden, merged = (
            self.table(group, view),
            self.rows[group],
            self.margins[group[1], view],
        )
        if self.is_total_hidden:
            return np.ones(table.shape, dtype=np.bool_)
        if (
            {*group} & self.unpublished
        ):  # a line of which nobody is tells that of each of its cells
            told = (~self.margins[group[0], 0] & (table.sum(axis=1) == 0))[:, None]
            untold: Mask = ~(told | (~merged & (table.sum(axis=0) == 0))[None, :])
            return untold
        if _is_one_row(table):
            return hidden[:, None] & merged[None, :]
        left = table[hidden].sum(axis=0)
        left = np.where(merged, left[merged].sum(), left)
        if (left[~merged] > 0).sum() + left[merged].any() == 1 and not left[
            merged
        ].any():
            hidden = (
                hidden & self.margins[group[0], 0]
            )  # one column is all of its row, which is as public as the row
        cells: Mask = hidden[:, None] & (left > 0)[None, :]
        return cells


def hide(counts: Counts, views: Sequence[Counts], threshold: int) -> Hiding:
    """What to hide of counts by (county, implementer, age band, sex, status)."""
    state = Hiding(counts, views, threshold)
    total = int(counts.sum())
    state.is_total_hidden = 0 < total < threshold
    for axis in range(5):
        for view in range(len(state.views_of(axis))):
            state.margins[axis, view] = _with_company(
                state.margin(axis, view), threshold
            )
    for group in GROUPS:
        state.rows[group] = _rows_to_hide(state, group)
    while not state.is_total_hidden and sum(_settle(state, group) for group in GROUPS):
        pass
    return state


def _is_small(counts: Counts, threshold: int) -> Mask:
    small: Mask = (counts > 0) & (counts < threshold)
    return small


def _is_one_row(table: Counts) -> bool:
    return int((table.sum(axis=1) > 0).sum()) <= 1


def _with_company(margin: Counts, threshold: int) -> Mask:
    """The small categories and, so that the total does not tell them, the smallest others."""
    hidden = _is_small(margin, threshold)
    if hidden.any():
        for place in sorted(
            np.flatnonzero(margin > 0), key=lambda place: margin[place]
        ):
            if hidden.sum() >= 2 and margin[hidden].sum() >= threshold:
                break
            hidden[place] = True
    return hidden


def _rows_to_hide(state: Hiding, group: Group) -> Mask:
    """Rows with a small cell, and rows whose own total is hidden."""
    hidden = state.margins[group[0], 0].copy()
    for view in range(len(state.views_of(group[1]))):
        table = state.table(group, view)
        hidden |= _is_small(table, state.threshold).any(axis=1)
        if _is_one_row(table) and state.margins[group[1], view].any():
            hidden |= table.sum(axis=1) > 0
    return hidden


def _settle(state: Hiding, group: Group) -> bool:
    """Hide further rows of a table until nothing is given away; whether there was anything to do."""
    changed = False
    while not {*group} & state.unpublished and state.rows[group].any():
        wanted = _lacking(state, group)
        if wanted is None:
            break
        changed = True
        if not _hide_smallest(state, group, wanted) and not _hide_a_county(
            state, group
        ):
            _unpublish(state, group[1] if group[0] == COUNTY else group[0])
    return changed


def _hide_smallest(state: Hiding, group: Group, wanted: Mask) -> bool:
    totals = state.margin(group[0])
    open_rows = np.flatnonzero(wanted & ~state.rows[group] & (totals > 0))
    if not len(open_rows):
        return False
    state.rows[group][open_rows[np.argmin(totals[open_rows])]] = True
    return True


def _hide_a_county(state: Hiding, group: Group) -> bool:
    """More counties whose statuses are hidden leave more exchanges to the rows of this table."""
    if group[0] == COUNTY or STATUS in state.unpublished:
        return False
    present = state.table((COUNTY, group[0]))[:, state.rows[group]].sum(axis=1) > 0
    return _hide_smallest(state, (COUNTY, STATUS), present)


def _unpublish(state: Hiding, axis: int) -> None:
    state.unpublished.add(axis)
    for (of, view), margin in state.margins.items():
        if of == axis:
            state.margins[of, view] = np.ones_like(margin)
    for group, rows in state.rows.items():
        if axis in group:
            state.rows[group] = np.ones_like(rows)


def _lacking(state: Hiding, group: Group) -> Mask | None:
    """Rows of which one more should be hidden; None when enough are."""
    hidden, everything = state.rows[group], np.ones_like(state.rows[group])
    tables = [state.table(group, view) for view in range(len(state.views_of(group[1])))]
    if not _is_one_row(tables[0]):
        if hidden.sum() == 1:
            return everything
        for view, table in enumerate(tables):
            merged = _merged(table, state.margins[group[1], view])
            scarce = _is_small(np.asarray(merged[hidden].sum(axis=0)), state.threshold)
            if scarce.any():
                helpful: Mask = np.asarray(merged[:, scarce].sum(axis=1) > 0)
                return helpful
    for view in range(len(tables)):
        if (state.hidden_cells(group, view) & ~_moves(state, group, view)).any():
            return everything
    return None


def _merged(table: Counts, together: Mask) -> Counts:
    """The table with these columns as one, the last."""
    return np.concatenate(
        [table[:, ~together], table[:, together].sum(axis=1, keepdims=True)], axis=1
    )


def _moves(state: Hiding, group: Group, view: int) -> Mask:
    """Which cells of a table's hidden rows could be others while all that is published stays."""
    together = state.margins[group[1], view]
    free: Mask = _changes_of_row(state, group, view)
    for context, within in _exchanges(state, group):
        free |= _exchangeable(
            state, group, state.views_of(group[1])[view], context, within
        )
    if together.any():
        free[:, together] |= _changes_of_column(state, group, view)[:, None]
    return free


def _exchanges(
    state: Hiding, group: Group
) -> Iterator[tuple[tuple[int, ...], Mapping[int, Mask]]]:
    """Who may exchange a category: what they must have in common, and of which rows they must be."""
    row, column = group
    own = {row: state.rows[group]}
    if column != STATUS:
        yield (STATUS,), own
    elif row == COUNTY:
        yield LEAVES, own
        yield (AGE_BAND, SEX), own | {IMPLEMENTER: state.rows[IMPLEMENTER, STATUS]}
    else:
        yield (COUNTY,), own
        yield (
            tuple(leaf for leaf in LEAVES if leaf != row),
            own | {COUNTY: state.rows[COUNTY, STATUS]},
        )


def _restricted(counts: Counts, within: Mapping[int, Mask]) -> Counts:
    for axis, mask in within.items():
        counts = counts * mask.reshape(
            [-1 if place == axis else 1 for place in range(5)]
        )
    return counts


def _exchangeable(
    state: Hiding,
    group: Group,
    view: Counts,
    context: tuple[int, ...],
    within: Mapping[int, Mask],
) -> Mask:
    counts = _restricted(state.counts, within)
    others = tuple(axis for axis in range(5) if axis not in (*group, *context))
    kept = [axis for axis in range(5) if axis not in others]
    by = np.moveaxis(
        counts.sum(axis=others), (kept.index(group[0]), kept.index(group[1])), (0, -1)
    )
    by = by.reshape(by.shape[0], -1, by.shape[-1]) @ view
    in_row, in_column = by.sum(axis=2, keepdims=True), by.sum(axis=0, keepdims=True)
    whole = in_row.sum(axis=0, keepdims=True)
    free: Mask = (
        (in_row > 0) & (in_column > 0) & (in_row < whole) & (in_column < whole)
    ).any(axis=1)
    return free


def _changes_of_row(state: Hiding, group: Group, view: int) -> Mask:
    """Rows whose totals are hidden may give children to each other."""
    row, column = group
    hidden = state.margins[row, 0]
    within = (
        {row: hidden}
        if row == COUNTY
        else {row: hidden, COUNTY: state.rows[COUNTY, row]}
    )
    others = tuple(axis for axis in range(5) if axis != column)
    present = (
        _restricted(state.counts, within).sum(axis=others)
        @ state.views_of(column)[view]
        > 0
    )
    free: Mask = hidden[:, None] & present[None, :] & bool(hidden.sum() >= 2)
    return free


def _changes_of_column(state: Hiding, group: Group, view: int) -> Mask:
    """Rows with a child, or room for one, in a column whose total is hidden: it may be in any other such column."""
    row, column = group
    together = state.margins[column, view]
    if together.sum() < 2:
        return np.zeros(state.counts.shape[row], dtype=np.bool_)
    within = {row: state.rows[group]}
    if column == STATUS:
        within = {axis: state.rows[axis, STATUS] for axis in (COUNTY, *LEAVES)}
    joined = _merged(state.views_of(column)[view], together)
    others = tuple(axis for axis in range(5) if axis not in group)
    has: Mask = (_restricted(state.counts, within).sum(axis=others) @ joined)[:, -1] > 0
    for context, own in _exchanges(state, group):
        has |= _exchangeable(state, group, joined, context, {**own, **within})[:, -1]
    return has
