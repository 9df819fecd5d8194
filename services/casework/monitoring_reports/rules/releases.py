"""Which tables of a report are released to who may not read the county's cases. Pure.

By the rule of `services.chassis.disclosure.releases`: a county's report is a unit, and
a table is released whole or not at all, when neither its records nor the children whom
they are about are few. A report that is submitted again replaces a table only when
nothing few has changed.

Reports of a county follow each other without overlapping, and each is submitted when
the one before is accepted. So one equation alone joins two of them: who is open at the
end of one is there at the beginning of the next. Therefore:

- the total of a report is compared with the open cases of the report before, if these
  are released: else their difference would show how few have been opened;
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
"""Every table that may be released but that of the cases opened, in their order.

The load of a case is the county's own: a mean of many tells of few where most are zero.
Others divide the documents, referrals and support events by the cases.
"""
_OPENED = "cases_opened"


class Earlier(NamedTuple):
    """The county's report before:
    what is released of it, and whether it ends the day before.
    """

    released: Figures
    is_adjacent: bool


def next_figures(
    now: Figures, released: Figures, earlier: Earlier | None, threshold: int = FEW
) -> Figures:
    """The tables that are published from now on:
    those released now, and the others as they were.
    """
    published = dict(released)
    plans = dict(_PLANS)
    opened = _plan_of_opened(now, earlier)
    if opened is not None:
        plans[_OPENED] = opened
    for name, plan in plans.items():
        # By records and by children: many records may be about few children.
        counted = all(
            next_release(
                {name: plan},
                _counts(published, measure),
                _counts(now, measure),
                threshold,
            )
            for measure in COUNTED
        )
        # Two totals in a row give away how many cases began between them.
        if counted and (name != "cases" or _differs_enough(now, earlier, threshold)):
            published[name] = now[name]
    return published


def _counts(figures: Figures, measure: str) -> dict[str, list[int]]:
    """The tables as lists of one measure."""
    return {
        table: [int(values[measure] or 0) for values in categories.values()]
        for table, categories in figures.items()
    }


def _open_before(earlier: Earlier | None) -> int | None:
    """How many cases are published as open at the end of the report before."""
    if earlier is None or "cases_ended" not in earlier.released:
        return None
    return int(earlier.released["cases_ended"]["open"]["records"] or 0)


def _differs_enough(now: Figures, earlier: Earlier | None, threshold: int) -> bool:
    before = _open_before(earlier)
    total = int(now["cases"]["all"]["records"] or 0)
    return before is None or may_publish_total(before, total, threshold)


def _plan_of_opened(now: Figures, earlier: Earlier | None) -> TablePlan | None:
    """How the table of the cases opened hangs together with the others;
    None where it is not released.
    """
    # Nothing was published before, so nothing can be subtracted.
    if earlier is None:
        return _OF_CASES
    known = _open_before(earlier) == now[_OPENED]["before"]["records"]
    # Then it says nothing that the two reports do not say already.
    return (
        _OF_CASES._replace(is_repetition=True)
        if earlier.is_adjacent and known
        else None
    )
