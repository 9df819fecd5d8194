"""The tables of a monitoring report: their categories, their measures, their lines.

Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from services.casework.cases.rules import OPEN, CaseState, SupportKind
from services.casework.plans.rules.recommendations import Effect, NotDoneReason
from services.casework.referrals.rules import ReferralState

ALL = ("all",)
"""The only category of a total."""
# Decimals are stored as texts: JSON numbers would come back as floats.
Values: TypeAlias = dict[str, int | str | None]
Figures: TypeAlias = dict[str, dict[str, Values]]
"""By table and category: the numbers of records and of children, and other measures as
decimals in text.
"""

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "cases": ALL,
    "cases_opened": ("before", "in_period"),
    "cases_ended": ("open", "ended"),
    "open_by_state": tuple(state for state in CaseState if state in OPEN),
    "ended_by_state": tuple(state for state in CaseState if state not in OPEN),
    "cases_by_track": ("early", "pupil", "wokro"),
    "cases_by_plan": ("active", "in_preparation", "none"),
    "plans_activated": ALL,
    "recommendations": ALL,
    "recommendations_by_status": ("done", "not_done", "open", "overdue"),
    "not_done_by_reason": tuple(NotDoneReason),
    "done_by_effect": (*Effect, "not_told"),
    "cases_reviewed": ALL,
    "load": ALL,
    "documents": ALL,
    "referrals": ALL,
    "referrals_by_outcome": tuple(ReferralState),
    "support_events": ALL,
    "support_by_kind": tuple(SupportKind),
    "first_support": ALL,
}
"""Every table with its categories, in the order in which they are shown."""

COUNTED = ("records", "children")
"""The measures of every table: records, and the children whom they are about."""
MEASURES: Mapping[str, tuple[str, ...]] = {
    "load": ("documents_per_case", "referrals_per_case", "visits_per_case"),
    "cases_reviewed": ("mean_first_t_score", "mean_last_t_score"),
    "referrals_by_outcome": ("median_days",),
    "support_events": ("minutes",),
    "support_by_kind": ("minutes",),
    "first_support": ("lower_quartile_days", "median_days", "upper_quartile_days"),
}
"""Further measures of some tables."""
OF_COUNTY_ALONE = frozenset({"children"})
"""Measures that only the county sees: compared with the cases, the number of children
would reveal how few had two cases.
"""
ADDITIVE = frozenset({*COUNTED, "minutes"})
"""Measures that may be summed over counties; medians cannot be combined."""


class Cell(NamedTuple):
    """The counts of one category of one table."""

    table: str
    category: str
    records: int
    children: int
    measures: Mapping[str, str | None] = {}


class Line(NamedTuple):
    """One value of a report; None where there is no value or it is not published."""

    table: str
    category: str
    measure: str
    value: Decimal | None = None
    is_suppressed: bool = False
    counties: int | None = None
    """For a sum: the number of counties in it."""


def tabulate(cells: Iterable[Cell]) -> Figures:
    """The tables of a report. Categories without a cell are zero, and their measures
    have no value.
    """
    figures = {
        table: {
            category: Values(records=0, children=0)
            | dict.fromkeys(MEASURES.get(table, ()))
            # Every report has all categories, because reports are compared and summed
            # cell by cell.
            for category in categories
        }
        for table, categories in CATEGORIES.items()
    }
    for cell in cells:
        counts = Values(records=cell.records, children=cell.children)
        figures[cell.table][cell.category].update(counts, **cell.measures)
    return figures


def _places() -> Iterator[tuple[str, str, str]]:
    for table, categories in CATEGORIES.items():
        for category in categories:
            for measure in (*COUNTED, *MEASURES.get(table, ())):
                yield table, category, measure


def _value(figures: Figures, place: tuple[str, str, str]) -> Decimal | None:
    table, category, measure = place
    value = figures[table][category][measure]
    return None if value is None else Decimal(value)


def _has(figures: Figures, place: tuple[str, str, str]) -> bool:
    table, category, measure = place
    return measure in figures.get(table, {}).get(category, {})


def published(released: Figures) -> Figures:
    """The released tables as callers outside the county see them."""
    return {
        table: {
            category: {
                measure: value
                for measure, value in values.items()
                # Left out here and not before:
                # the next release needs the children, too.
                if measure not in OF_COUNTY_ALONE
            }
            for category, values in categories.items()
        }
        for table, categories in released.items()
    }


def lines_of(figures: Figures) -> list[Line]:
    """A report line by line. Missing tables are suppressed."""
    return [
        Line(*place, _value(figures, place))
        if _has(figures, place)
        # Suppressed and not 0: a zero would be a statement about the county's children.
        else Line(*place, is_suppressed=True)
        for place in _places()
    ]


def lines_of_sum(reports: Iterable[Figures]) -> list[Line]:
    """The sums over reports of one period: each over the reports that have the value,
    with their number.
    """
    all_reports = [*reports]
    lines = []
    for place in _places():
        if place[2] not in ADDITIVE:
            continue
        values = [_value(each, place) for each in all_reports if _has(each, place)]
        total = sum((value or Decimal(0) for value in values), Decimal(0))
        lines.append(
            Line(*place, total, counties=len(values))
            if values
            # Without reports nothing can have been suppressed.
            else Line(*place, is_suppressed=bool(all_reports), counties=0)
        )
    return lines
