"""When the counts of which counties are released, so that no two releases together tell of few. Pure.

Whoever compares two releases sees what changed between them. A county is released when enough of its subjects have
changed, and only while every number that both releases tell, and whatever follows from them by subtraction, has changed
by nothing or by no few, compared with every release before. Else what was released last stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from services.screening.campaigns.rules.suppression import (
    COUNTY,
    GROUPS,
    Counts,
    Hiding,
    Mask,
)
from services.screening.campaigns.rules.tables import RollUp, published

Cell = tuple[str, int, str, str, str]
"""Implementer, age band, sex, status in stage one, status in stage two."""
Released = Mapping[str, Mapping[Cell, int]]
"""Subjects by county and cell."""
_NOBODY = (0, "female", "none", "not_selected")


class Terms(NamedTuple):
    """What a campaign says of its counts: where its age bands begin, and what is few."""

    edges: Sequence[int]
    small_cell: int


def rolled_up(released: Released) -> RollUp:
    """Released counts as a roll-up."""
    rows = [
        (county, *cell, subjects)
        for county, cells in released.items()
        for cell, subjects in cells.items()
    ]
    return RollUp(*zip(*rows, strict=True)) if rows else RollUp(*[()] * 7)


def by_county(rolled: RollUp) -> Released:
    """A roll-up as counts to be released."""
    found: dict[str, dict[Cell, int]] = {}
    for county, *cell, subjects in zip(*rolled, strict=True):
        found.setdefault(county, {})[tuple(cell)] = subjects
    return found


def released_next(
    earlier: Sequence[Released], live: Released, terms: Terms
) -> Released:
    """The counties that are released now, with their counts; none when that would tell of few."""
    now = earlier[-1] if earlier else {}
    moving = {
        one
        for one in {*now, *live}
        if _changed(now.get(one, {}), live.get(one, {})) >= terms.small_cell
    }
    while moving:
        after = {**now, **{county: live.get(county, {}) for county in moving}}
        *before, candidate = _hidings([*earlier, after], terms)
        places = {
            county
            for one in before
            for county in np.flatnonzero(_telling_counties(one, candidate))
        }
        held = {
            county for place, county in enumerate(sorted(after)) if place in places
        } & moving
        if not held:
            return (
                {}
                if any(_tells(one, candidate) for one in before)
                else {one: after[one] for one in moving}
            )
        moving -= held
    return {}


def released_last(earlier: Sequence[Released], live: Released) -> Released:
    """What is released when nothing changes any more: all of it."""
    return {**{county: {} for county in (earlier[-1] if earlier else {})}, **live}


def _changed(before: Mapping[Cell, int], after: Mapping[Cell, int]) -> int:
    """How many subjects must have come, gone or changed at the least."""
    steps = [after.get(cell, 0) - before.get(cell, 0) for cell in {*before, *after}]
    return max(
        sum(step for step in steps if step > 0),
        -sum(step for step in steps if step < 0),
    )


def _hidings(releases: Sequence[Released], terms: Terms) -> list[Hiding]:
    """What is hidden of each, all by the same counties and implementers."""
    counties = sorted({county for one in releases for county in one})
    implementers = sorted(
        {cell[0] for one in releases for cells in one.values() for cell in cells}
    )
    frame = {
        county: {(name, *_NOBODY): 0 for name in implementers} for county in counties
    }
    whole = [
        {county: {**frame[county], **one.get(county, {})} for county in counties}
        for one in releases
    ]
    return [published(rolled_up(one), *terms).hiding for one in whole]


def _few(changes: Counts, small_cell: int) -> Mask:
    few: Mask = (changes != 0) & (abs(changes) < small_cell)
    return few


class Compared(NamedTuple):
    """A table in two releases: the changes of its cells, and which cells and which columns both tell."""

    changes: Counts
    cells: Mask
    columns: Mask


def _tables(before: Hiding, after: Hiding) -> Iterable[tuple[int | None, Compared]]:
    """Every table by what its rows are; that of one dimension is a column, whose sum is the total."""
    alone = {key: ~(before.margins[key] | after.margins[key]) for key in after.margins}
    for group in GROUPS:
        for view in range(len(after.views_of(group[1]))):
            cells = ~(
                before.hidden_cells(group, view) | after.hidden_cells(group, view)
            )
            changes = after.table(group, view) - before.table(group, view)
            yield group[0], Compared(changes, cells, alone[group[1], view])
    for (axis, view), told in alone.items():
        changes = after.margin(axis, view) - before.margin(axis, view)
        yield None, Compared(changes[:, None], told[:, None], np.array([True]))


def _telling_counties(before: Hiding, after: Hiding) -> Mask:
    """The counties of which a told number has changed by few."""
    tables = [table for rows, table in _tables(before, after) if rows == COUNTY]
    telling: Mask = np.any(
        [
            (_few(one.changes, after.threshold) & one.cells).any(axis=1)
            for one in tables
        ],
        axis=0,
    )
    return telling


def _tells(before: Hiding, after: Hiding) -> bool:
    """Whether a told number has changed by few, or what is left of a column, or of those not told, without them."""
    for _, (changes, cells, columns) in _tables(before, after):
        left = np.where(cells, 0, changes).sum(axis=0)
        left = np.append(left[columns], left[~columns].sum())
        if (_few(changes, after.threshold) & cells).any() or _few(
            left, after.threshold
        ).any():
            return True
    return bool(_few(after.counts.sum() - before.counts.sum(), after.threshold))
