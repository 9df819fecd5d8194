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
"""The one category of a total."""
# Texts for decimals: a number of JSON would come back as a float.
Values: TypeAlias = dict[str, int | str | None]
Figures: TypeAlias = dict[str, dict[str, Values]]
"""By table and category how many records of how many children, and other measures as
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
"""What every table has: records, and the children whom they are about."""
MEASURES: Mapping[str, tuple[str, ...]] = {
    "load": ("documents_per_case", "referrals_per_case", "visits_per_case"),
    "cases_reviewed": ("mean_first_t_score", "mean_last_t_score"),
    "referrals_by_outcome": ("median_days",),
    "support_events": ("minutes",),
    "support_by_kind": ("minutes",),
    "first_support": ("lower_quartile_days", "median_days", "upper_quartile_days"),
}
"""What some tables have beside."""
OF_COUNTY_ALONE = frozenset({"children"})
"""What nobody else sees: beside the cases it would say how few children have
had two.
"""
ADDITIVE = frozenset({*COUNTED, "minutes"})
"""What may be summed over counties;
a median of several counties is none of their medians.
"""


class Cell(NamedTuple):
    """One category of one table, as it was counted."""

    table: str
    category: str
    records: int
    children: int
    measures: Mapping[str, str | None] = {}


class Line(NamedTuple):
    """One value of a report. None is no value, or one that is not published."""

    table: str
    category: str
    measure: str
    value: Decimal | None = None
    is_suppressed: bool = False
    counties: int | None = None
    """Of a sum, how many counties' values are in it."""


def tabulate(cells: Iterable[Cell]) -> Figures:
    """The tables of a report: what was not counted is zero,
    and its measures have no value.
    """
    figures = {
        table: {
            category: Values(records=0, children=0)
            | dict.fromkeys(MEASURES.get(table, ()))
            # All of them in every report: reports are compared and added up
            # cell by cell.
            for category in categories
        }
        for table, categories in CATEGORIES.items()
    }
    for cell in cells:
        counted = Values(records=cell.records, children=cell.children)
        figures[cell.table][cell.category].update(counted, **cell.measures)
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
    """The tables that are released, as others than the county see them."""
    return {
        table: {
            category: {
                measure: value
                for measure, value in values.items()
                # Left out on the way out and not before: the next release is judged by
                # children, too.
                if measure not in OF_COUNTY_ALONE
            }
            for category, values in categories.items()
        }
        for table, categories in released.items()
    }


def lines_of(figures: Figures) -> list[Line]:
    """A report line by line. What is not there is suppressed."""
    return [
        Line(*place, _value(figures, place))
        if _has(figures, place)
        # Suppressed and not 0, which would say something about the county's children.
        else Line(*place, is_suppressed=True)
        for place in _places()
    ]


def lines_of_sum(reports: Iterable[Figures]) -> list[Line]:
    """The sums over reports of one period:
    of those that have a value, and how many these are.
    """
    listed = [*reports]
    lines = []
    for place in _places():
        if place[2] not in ADDITIVE:
            continue
        values = [_value(each, place) for each in listed if _has(each, place)]
        total = sum((value or Decimal(0) for value in values), Decimal(0))
        lines.append(
            Line(*place, total, counties=len(values))
            if values
            # Without any report there is nothing that could have been suppressed.
            else Line(*place, is_suppressed=bool(listed), counties=0)
        )
    return lines
