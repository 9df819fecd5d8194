"""Which tables of a report are released to callers who may not read
the county's cases. Pure.

The rule is that of `services.chassis.disclosure.releases`; a county's report is a unit.
A table is released whole or not at all: only where its records and their children are
not few. A report that is submitted again replaces a table only
where no change is small.

Reports of a county do not overlap, and each is submitted after the one before was
accepted. So only one equation connects two of them: cases open at the end of one are
the cases at the beginning of the next. Therefore:

- the total of a report is compared with the open cases of the report before, if these
  are released: otherwise their difference would show how few were opened;
- which cases were opened in the period is released only where it follows from those
  two, or of a county's first report.
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.casework.monitoring_reports.rules.tables import COUNTED, Figures
from services.chassis.disclosure.cells import FEW, may_publish_total
from services.chassis.disclosure.releases import TablePlan, next_release

_OF_CASES = TablePlan(("cases",))
_OF_STATUS = TablePlan(("recommendations", "recommendations_by_status"))
_PLANS: Mapping[str, TablePlan] = {
    "cases": TablePlan(),
    "cases_ended": _OF_CASES,
    **dict.fromkeys(
        # States are parts of how many are open and of how many have ended.
        ("open_by_state", "ended_by_state"),
        TablePlan(("cases", "cases_ended")),
    ),
    **dict.fromkeys(("cases_by_track", "cases_by_plan"), _OF_CASES),
    "plans_activated": TablePlan(),
    "recommendations": TablePlan(),
    "recommendations_by_status": TablePlan(("recommendations",)),
    "not_done_by_reason": _OF_STATUS,
    "done_by_effect": _OF_STATUS,
    "cases_reviewed": TablePlan(),
    "documents": TablePlan(),
    "referrals": TablePlan(),
    "referrals_by_outcome": TablePlan(("referrals",)),
    "support_events": TablePlan(),
    "support_by_kind": TablePlan(("support_events",)),
    "first_support": TablePlan(),
}
"""Every table that may be released, except `cases_opened`, in the order of release.

`load` is never released: where most values are zero, a mean reveals the few others.
Readers can divide documents, referrals and support events by the cases instead.
"""
_OPENED = "cases_opened"


class Earlier(NamedTuple):
    """The county's report before: its released tables, and whether it ends on the day
    before this one begins.
    """

    released: Figures
    is_adjacent: bool


def next_figures(
    now: Figures, released: Figures, earlier: Earlier | None, threshold: int = FEW
) -> Figures:
    """The tables that are published from now on: those released now, and the others as
    published before.
    """
    published = dict(released)
    plans = dict(_PLANS)
    opened = _plan_of_opened(now, earlier)
    if opened is not None:
        plans[_OPENED] = opened
    for name, plan in plans.items():
        # Checked by records and by children: many records may be about few children.
        is_safe = all(
            next_release(
                {name: plan},
                _counts(published, measure),
                _counts(now, measure),
                threshold,
            )
            for measure in COUNTED
        )
        # The difference of two totals in a row would reveal how many cases began
        # between them.
        if is_safe and (name != "cases" or _differs_enough(now, earlier, threshold)):
            published[name] = now[name]
    return published


def _counts(figures: Figures, measure: str) -> dict[str, list[int]]:
    """The tables as lists of one measure."""
    return {
        table: [int(values[measure] or 0) for values in categories.values()]
        for table, categories in figures.items()
    }


def _open_before(earlier: Earlier | None) -> int | None:
    """The published number of cases open at the end of the report before; None where it
    is not published.
    """
    if earlier is None or "cases_ended" not in earlier.released:
        return None
    return int(earlier.released["cases_ended"]["open"]["records"] or 0)


def _differs_enough(now: Figures, earlier: Earlier | None, threshold: int) -> bool:
    before = _open_before(earlier)
    total = int(now["cases"]["all"]["records"] or 0)
    return before is None or may_publish_total(before, total, threshold)


def _plan_of_opened(now: Figures, earlier: Earlier | None) -> TablePlan | None:
    """The plan for the table `cases_opened`; None where it is not released."""
    # Nothing was published before, so there is nothing to subtract.
    if earlier is None:
        return _OF_CASES
    is_consistent = _open_before(earlier) == now[_OPENED]["before"]["records"]
    # Then it follows from the two reports and reveals nothing new.
    return (
        _OF_CASES._replace(is_repetition=True)
        if earlier.is_adjacent and is_consistent
        else None
    )
