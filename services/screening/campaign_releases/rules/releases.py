"""Which tables of a county are released to those who may not read its screenings. Pure.

Each county is decided separately, by the rule of
`services.chassis.disclosure.releases`:

- its total;
- a one-way table, of the children in the released total;
- the states of stage two within one outcome, of the children in the released table of
  outcomes;
- a two-way table of the children in both its released margins;
- ages by sexes within each outcome, of the children in all of its released margins.

Why this discloses nothing about few children:
docs/decisions/0014-what-is-told-of-few.md.
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.chassis.disclosure import releases
from services.chassis.disclosure.releases import TablePlan
from services.screening.campaign_releases.rules.county_tables import (
    BOTH_STAGES,
    BREAKDOWNS,
    LAYERED,
    TOTAL,
)
from services.screening.campaign_releases.rules.published import OUTCOME_TABLES
from services.screening.campaigns.rules.disclosure import Counts

Tables = Mapping[str, Counts]
"""Tables of a county by name."""

_PLANS: Mapping[str, TablePlan] = {
    TOTAL: TablePlan(),
    **dict.fromkeys((*BREAKDOWNS, "stage_one"), TablePlan((TOTAL,))),
    **dict.fromkeys(OUTCOME_TABLES, TablePlan((TOTAL, "stage_one"))),
    **{
        f"{name}_stage_one": TablePlan((TOTAL, "stage_one", name), rows=name)
        for name in BREAKDOWNS
    },
    # Each layer is a two-way table whose margins are these tables' numbers.
    LAYERED: TablePlan(
        (TOTAL, "stage_one", "age_band_stage_one", "sex_stage_one"), is_layered=True
    ),
}
"""Every table that may be released, in the order of release."""

_PLANS_OF_ONE_IMPLEMENTER = {
    # With one implementer these are the county's numbers, which its other tables
    # already show.
    name: plan._replace(is_repetition=name.startswith("implementer"))
    for name, plan in _PLANS.items()
}


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
    names = releases.next_release(
        _PLANS_OF_ONE_IMPLEMENTER if terms.has_one_implementer else _PLANS,
        {name: counts.tolist() for name, counts in released.items()},
        {name: counts.tolist() for name, counts in now.items()},
        terms.threshold,
    )
    return {name: now[name] for name in names}
