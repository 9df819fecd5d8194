"""The facts of a row of a register, and when a report is due. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

FIRST_YEAR = 2003
"""The act on social employment is of 13 June 2003: before it there was nothing to report on."""


class EntityKind(StrEnum):
    """Entities of social employment that report yearly: social integration centres (CIS) and clubs (KIS)."""

    CIS = "cis"
    KIS = "kis"


class Register(StrEnum):
    """The two registers: the central statistical application, and the registers of the voivodes taken together."""

    CAS = "cas"
    VOIVODE = "voivode"


class Coverage(StrEnum):
    """How much of a register's own list for a year was obtained."""

    COMPLETE = "complete"
    NONE = "none"


UNSTATED: Mapping[Register, Coverage] = {
    Register.CAS: Coverage.COMPLETE,
    Register.VOIVODE: Coverage.NONE,
}
"""The coverage without a statement: the central application is its own list, the
voivodes' lists must be requested.
"""


Obtained = Mapping[tuple[int, str], str]
"""The stated coverage (a value of `Coverage`), by year and register."""


class Reconciliation(StrEnum):
    """In which of the two registers an entity is (source 004: both, the central one
    only, a voivode's only).
    """

    BOTH = "both"
    CAS_ONLY = "cas_only"
    VOIVODE_ONLY = "voivode_only"


class Deadline(NamedTuple):
    """The last day for a year's report, in the year that follows, for years from `first_year` on."""

    kind: EntityKind
    first_year: int
    month: int
    day: int
    source: str


_CALENDAR = (
    "calendar of reports to the central statistical application, as published for 2017"
)
DEADLINES = (
    Deadline(EntityKind.CIS, FIRST_YEAR, 3, 31, _CALENDAR),
    Deadline(EntityKind.KIS, FIRST_YEAR, 1, 31, _CALENDAR),
)
"""Dated configuration: a later entry of a kind replaces an earlier one from its first year on."""


def due_on(kind: EntityKind, year: int) -> date:
    """The last day on which the report for a year is not late."""
    entries = [
        entry for entry in DEADLINES if entry.kind is kind and entry.first_year <= year
    ]
    last = max(entries, key=lambda entry: entry.first_year)
    return date(year + 1, last.month, last.day)


def is_late(kind: EntityKind, year: int, submitted_on: date | None) -> bool | None:
    """Whether a report came after its deadline; None while there is none."""
    return None if submitted_on is None else submitted_on > due_on(kind, year)


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The contradictions in one row: field and code. Only rows of the central
    application have reports.
    """
    submitted_on = facts.get("report_submitted_on")
    if submitted_on is None:
        return []
    if facts["register"] != Register.CAS:
        return [("report_submitted_on", "not_allowed")]
    return (
        [("report_submitted_on", "wrong_order")]
        # A report may come during its year, but not before it.
        if submitted_on < date(facts["year"], 1, 1)
        else []
    )


def of_the_future(facts: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    """The years and days of one row that lie in the future: field and code."""
    wrong = []
    if facts["year"] > today.year:
        wrong.append(("year", "in_future"))
    submitted_on = facts.get("report_submitted_on")
    if submitted_on is not None and submitted_on > today:
        wrong.append(("report_submitted_on", "in_future"))
    return wrong
