"""Which tables of a unit are released to those who may not read its records. Pure.

Each unit (a place, an institution) is decided by itself, and a sum over several units
uses the published numbers of each. So it is enough that nothing about few subjects
follows from the tables of one unit, now and before:

- a total is released when it reaches the threshold, and again after a change of at
  least the threshold;
- a one-way table by the rule of `cells`, of the subjects in the released tables it is
  part of;
- a two-way table of the subjects in both its released margins;
- a table of layers, each of which is a two-way table in its released margins.

A table that is not released stays published as it was: nothing is ever taken back.
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.chassis.disclosure.cells import (
    Table,
    may_cross,
    may_cross_each,
    may_publish,
    may_publish_total,
    may_replace,
)

Tables = Mapping[str, Table]
"""Tables of a unit by name."""


class TablePlan(NamedTuple):
    """How a table depends on the others of its unit.

    `wholes` must be published as they are now for it: a table of 29 beside a total that
    was released at 25 would show that four have come. A table without any is a total.
    Of a two-way table, `rows` is the one-way table of its rows. `is_layered`: its first
    dimension parts it into two-way tables, whose margins are among the wholes.
    `is_repetition`: other tables show its numbers already, so it may follow them.
    """

    wholes: tuple[str, ...] = ()
    rows: str | None = None
    is_repetition: bool = False
    is_layered: bool = False


def next_release(
    plans: Mapping[str, TablePlan], released: Tables, now: Tables, threshold: int
) -> list[str]:
    """The names of the tables of a unit that are released now.

    `released` are the tables as they were last released, `now` as they are. Plans stand
    in the order of release: a whole before its parts.
    """
    published = dict(released)
    names = []
    for name, plan in plans.items():
        if _may_release(name, plan, published, now, threshold):
            # Its parts follow in the plan, and are compared with it as it is now.
            published[name] = now[name]
            names.append(name)
    return names


def _may_release(
    name: str, plan: TablePlan, published: Tables, now: Tables, threshold: int
) -> bool:
    if not all(_is_current(whole, published, now) for whole in plan.wholes):
        return False
    before, table = published.get(name), now[name]
    if not plan.wholes:
        return may_publish_total(before, table, threshold)
    # Held back it would hide nothing: its numbers stand in other tables.
    if plan.is_repetition:
        return not _is_current(name, published, now)
    if not may_replace(before, table, threshold):
        return False
    if plan.is_layered:
        return may_cross_each(table, threshold)
    if plan.rows is not None:
        return may_publish(now[plan.rows], threshold) and may_cross(table, threshold)
    return may_publish(table, threshold)


def _is_current(name: str, published: Tables, now: Tables) -> bool:
    """Whether a table is published as it is now."""
    return name in published and published[name] == now[name]
