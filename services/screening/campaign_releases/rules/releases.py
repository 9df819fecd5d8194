"""Which tables of a county are released to those who may not read its screenings. Pure.

Each county is decided by itself, and a sum of several is of what is published of each. So it is
enough that nothing about few children follows from the tables of one county, now and before:

- the total is released when it reaches the threshold, and again when it has changed by as much;
- a one-way table by the rule of `campaigns.rules.disclosure`, of the children in the released
  total;
- the states of stage two within one outcome by the same rule, of the children in the released
  table of outcomes;
- a two-way table of the children in both its released margins.

A table that is not released stays published as it was: nothing is ever taken back.
Why nothing about few children follows: docs/decisions/0014-what-is-told-of-few.md.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from services.screening.campaign_releases.rules.county_tables import (
    BOTH_STAGES,
    BREAKDOWNS,
    TOTAL,
)
from services.screening.campaign_releases.rules.published import OUTCOME_TABLES
from services.screening.campaigns.rules.disclosure import (
    Counts,
    may_cross,
    may_publish,
    may_replace,
)

Tables = Mapping[str, Counts]
"""Tables of a county by name."""

_WHOLES: Mapping[str, tuple[str, ...]] = {
    TOTAL: (),
    **dict.fromkeys((*BREAKDOWNS, "stage_one"), (TOTAL,)),
    **dict.fromkeys(OUTCOME_TABLES, (TOTAL, "stage_one")),
    **{f"{name}_stage_one": (TOTAL, "stage_one", name) for name in BREAKDOWNS},
}
"""Every table that may be released, and the tables that must be published as they are now for it.

A table of 29 children beside a total that was released at 25 would show that four have
come. Tables are released in this order, so that a whole comes before its parts.
"""
_ROWS_OF_TWO_WAY = {f"{name}_stage_one": name for name in BREAKDOWNS}


class Terms(NamedTuple):
    """The threshold, and whether only one implementer may screen in the county."""

    threshold: int
    has_one_implementer: bool = False


def next_release(released: Tables, current: Tables, terms: Terms) -> dict[str, Counts]:
    """The tables of a county that are released now.

    `released` are the tables as they were last released, `current` those of `tabulate`.
    """
    outcome_tables = {
        name: current[BOTH_STAGES][place] for name, place in OUTCOME_TABLES.items()
    }
    now = {**current, **outcome_tables}
    # A copy that grows: a table that is released now is a whole for those after it.
    published = dict(released)
    release: dict[str, Counts] = {}
    for name in _WHOLES:
        if _may_release(name, published, now, terms):
            published[name] = release[name] = now[name]
    return release


def _may_release(name: str, published: Tables, now: Tables, terms: Terms) -> bool:
    if not all(_is_current(whole, published, now) for whole in _WHOLES[name]):
        return False
    threshold = terms.threshold
    if name == TOTAL:
        return _may_release_total(published.get(TOTAL), now[TOTAL], threshold)
    if name.startswith("implementer") and terms.has_one_implementer:
        # They are the county's numbers, which its other tables show already.
        return not _is_current(name, published, now)
    if not may_replace(published.get(name), now[name], threshold):
        return False
    if name in _ROWS_OF_TWO_WAY:
        # The table of implementers may have been released while the county had only
        # one, which this rule did not have to allow. So its rows are asked again.
        rows = now[_ROWS_OF_TWO_WAY[name]]
        return may_publish(rows, threshold) and may_cross(now[name], threshold)
    return may_publish(now[name], threshold)


def _may_release_total(published: Counts | None, now: Counts, threshold: int) -> bool:
    # One child more or less would show by subtraction.
    has_changed = published is None or abs(now - published) >= threshold
    return bool(now >= threshold and has_changed)


def _is_current(name: str, published: Tables, now: Tables) -> bool:
    """Whether a table is published as it is now."""
    return name in published and np.array_equal(published[name], now[name])
