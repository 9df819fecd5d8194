"""Which tables of a county are told anew to those who may not read its screenings. Pure.

Counties know nothing of each other here, and a sum of several is of what is told of each. So it is
enough that nothing few follows from what is told of one, now and before:

- its total is told when it is no few, and anew when it has changed by no few;
- a table of one dimension is told by `telling`, of the children that the total tells;
- the states of stage two likewise, of the children that the outcomes of stage one tell, each
  outcome by itself; a table of two dimensions, of those that both its dimensions tell.

What is not told anew stays as it was told; nothing is ever taken back.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from services.screening.campaigns.rules.counted import (
    LEAVES,
    STAGE_ONE,
    STATES,
    TOTAL,
    Counts,
)
from services.screening.campaigns.rules.telling import may_cross, may_move, may_tell

Told = Mapping[str, Counts]
"""The tables of a county as they were told last, by name."""
NAMES = {f"stage_two_of_{outcome}": place for place, outcome in enumerate(STAGE_ONE)}
"""The states of stage two are kept by outcome of stage one."""


class Terms(NamedTuple):
    """What is no few, and whether only one implementer may screen in the county."""

    threshold: int
    has_one_implementer: bool = False


def told_next(told: Told, live: Told, terms: Terms) -> dict[str, Counts]:
    """The tables of a county that are told now, with their counts."""
    after: dict[str, Counts] = {}
    before, now, few = told.get(TOTAL), live[TOTAL], terms.threshold
    if now >= few and (before is None or abs(now - before) >= few):
        after[TOTAL] = now
    if not _is_now(TOTAL, told, after, live):
        return after
    for name in (*LEAVES, "stage_one"):
        _tell_one_way(name, told, after, live, terms)
    if _is_now("stage_one", told, after, live):
        for name, place in NAMES.items():
            states = live[STATES][place]
            if may_tell(states, few) and may_move(told.get(name), states, few):
                after[name] = states
        for leaf in LEAVES:
            _tell_two_way(leaf, told, after, live, terms)
    return after


def _is_now(name: str, told: Told, after: Told, live: Told) -> bool:
    """Whether a table that is told is as it is now."""
    return name in after or (name in told and np.array_equal(told[name], live[name]))


def _is_alone(leaf: str, terms: Terms) -> bool:
    return leaf == "implementer" and terms.has_one_implementer


def _tell_one_way(
    name: str, told: Told, after: dict[str, Counts], live: Told, terms: Terms
) -> None:
    now = live[name]
    if _is_alone(name, terms):
        if not _is_now(name, told, after, live):
            after[name] = now
    elif may_tell(now, terms.threshold) and may_move(
        told.get(name), now, terms.threshold
    ):
        after[name] = now


def _tell_two_way(
    leaf: str, told: Told, after: dict[str, Counts], live: Told, terms: Terms
) -> None:
    name = f"{leaf}_stage_one"
    if _is_now(name, told, after, live) or not _is_now(leaf, told, after, live):
        return
    if _is_alone(leaf, terms) or (
        may_tell(live[leaf], terms.threshold)
        and may_cross(live[name], terms.threshold)
        and may_move(told.get(name), live[name], terms.threshold)
    ):
        after[name] = live[name]
