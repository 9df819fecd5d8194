"""The table of entities and reports by year, and how the two registers compare. Pure.

Source 004 prints the table for clubs (KIS) with the lines 1, 1.1, 1.1.1, 1.2 and 3; there is no
line 2. A cell is one of three things: a number, no data, or not applicable.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from services.registry.register_reports.rules.facts import (
    UNSTATED,
    Coverage,
    EntityKind,
    Obtained,
    Reconciliation,
    Register,
)


class Known(NamedTuple):
    """One row of one register about one entity in one year.

    `registered`: whether the entity is in the voivode's register that year. In a row of
    the central register it is second-hand; `reconciled` decides when it counts.
    """

    year: int
    register: str
    entity_key: str
    registered: bool
    has_report: bool


def reconciled(
    rows: Iterable[Known], *, voivodes_are_complete: bool
) -> Reconciliation | None:
    """In which registers the entity of these rows is; None when in neither.

    Without a row of the voivode's register, `registered` of the central one
    counts, unless the voivodes' list of the year is stated as complete: then it
    would have the entity.
    """
    by_register = {row.register: row for row in rows}
    cas, voivode = by_register.get(Register.CAS), by_register.get(Register.VOIVODE)
    if voivode is not None:
        with_voivode = voivode.registered
    else:
        with_voivode = cas is not None and cas.registered and not voivodes_are_complete
    if cas is not None:
        return Reconciliation.BOTH if with_voivode else Reconciliation.CAS_ONLY
    return Reconciliation.VOIVODE_ONLY if with_voivode else None


class Counts(NamedTuple):
    """The numbers of entities in one year by reconciliation, and the number of reports."""

    both: int
    cas_only: int
    voivode_only: int
    reports: int

    @property
    def total(self) -> int:
        """Entities in either register."""
        return self.both + self.cas_only + self.voivode_only


def is_complete(obtained: Obtained, year: int, register: Register) -> bool:
    """Whether a register's own list for a year was obtained completely."""
    coverage = obtained.get((year, register), UNSTATED[register])
    return coverage == Coverage.COMPLETE


def counted(rows: Iterable[Known], obtained: Obtained) -> dict[int, Counts]:
    """The counts of each year that has rows; the rows may come in any order."""
    entities: dict[int, dict[str, list[Known]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        entities[row.year][row.entity_key].append(row)
    counts = {}
    for year, by_key in entities.items():
        complete = is_complete(obtained, year, Register.VOIVODE)
        classes = Counter(
            reconciled(entity_rows, voivodes_are_complete=complete)
            for entity_rows in by_key.values()
        )
        reports = sum(
            row.has_report
            for entity_rows in by_key.values()
            for row in entity_rows
            if row.register == Register.CAS
        )
        # An entity in neither register has the class None, and is not counted.
        both, cas_only, voivode_only = (classes[member] for member in Reconciliation)
        counts[year] = Counts(both, cas_only, voivode_only, reports)
    return counts


def rounded_percent(part: int, whole: int, places: int = 0) -> str:
    """`part` of `whole` in percent, rounded half up. `whole` is not 0.

    >>> rounded_percent(156, 220), rounded_percent(1, 8), rounded_percent(98, 122, 1)
    ('71', '13', '80.3')
    """
    # Decimal, since `round` rounds a half to the even number, 12.5 to 12.
    share = Decimal(100 * part) / Decimal(whole)
    return str(share.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


class Cell(NamedTuple):
    """One cell: a number, or why there is none.

    `is_lower_bound`: the true number may be higher.
    """

    status: str
    value: str | None = None
    unit: str = "count"
    is_lower_bound: bool = False

    def wire(self) -> dict[str, Any]:
        """The cell as JSON; `lower_bound` is there only where it is true."""
        cell = {"status": self.status, "value": self.value, "unit": self.unit}
        return cell | ({"lower_bound": True} if self.is_lower_bound else {})


NO_DATA = Cell("no_data")
LINES = ("1", "1.1", "1.1.1", "1.2", "3")
_NO_COLUMN = dict.fromkeys(LINES[:-1], NO_DATA) | {"3": Cell("no_data", unit="percent")}


def column(counts: Counts | None, year: int, obtained: Obtained) -> dict[str, Cell]:
    """The cells of one year, by line. All are without data when the year has
    no row at all.

    Line 1 is a lower bound, and line 3 does not apply, while the list of a register was
    not obtained. Line 3 is reports (1.1.1) per entities in either register (1), not per
    entities in the central one (1.1).
    """
    if counts is None:
        return _NO_COLUMN
    is_whole = {
        register: is_complete(obtained, year, register) for register in Register
    }
    is_bound = not all(is_whole.values())
    level = Cell("not_applicable", unit="percent")
    # A share of a lower bound would be too large. Source 004 prints "x"
    # for such a year.
    if counts.total and not is_bound:
        level = Cell("number", rounded_percent(counts.reports, counts.total), "percent")
    return {
        "1": Cell("number", str(counts.total), is_lower_bound=is_bound),
        "1.1": Cell("number", str(counts.both)) if is_whole[Register.CAS] else NO_DATA,
        "1.1.1": Cell("number", str(counts.reports))
        if is_whole[Register.CAS]
        else NO_DATA,
        "1.2": Cell("number", str(counts.voivode_only))
        if is_whole[Register.VOIVODE]
        else NO_DATA,
        "3": level,
    }


def _change(before: Cell, after: Cell) -> Cell:
    """Growth in percent to one decimal place; not comparable when one year is
    a lower bound.
    """
    if before.value is None or after.value is None:
        return Cell("no_data", unit="percent")
    base, now = int(before.value), int(after.value)
    # Growth from nothing has no percentage.
    if not base:
        return Cell("not_applicable", unit="percent")
    status = (
        "not_comparable" if before.is_lower_bound or after.is_lower_bound else "number"
    )
    return Cell(status, rounded_percent(now - base, base, 1), "percent")


_NOUNS = {
    EntityKind.CIS: (
        "centra integracji społecznej (CIS)",
        "social integration centres (CIS)",
    ),
    EntityKind.KIS: (
        "kluby integracji społecznej (KIS)",
        "social integration clubs (KIS)",
    ),
}
_LABELS = {
    "1": ("{}: ogółem, w którymkolwiek rejestrze", "{}: all, in either register"),
    "1.1": ("{}: w CAS i u wojewody", "{}: in CAS and with the voivode"),
    "1.1.1": ("{}: sprawozdania złożone w CAS", "{}: reports submitted in CAS"),
    "1.2": ("{}: tylko u wojewody", "{}: with the voivode only"),
    "3": (
        "{}: jaką część znamy ze sprawozdań (1.1.1 : 1)",
        "{}: share known from reports (1.1.1 ÷ 1)",
    ),
}
NOT_COMPARABLE = {
    "pl": "Jedna z liczb jest dolnym ograniczeniem: nie uzyskano wykazu z rejestru, więc wzrostu nie można porównać.",
    "en": "One of the numbers is a lower bound: a register's list was not obtained, so the growth cannot be compared.",
}


def label(kind: EntityKind, line: str) -> dict[str, str]:
    """What a line counts, in Polish and English."""
    polish, english = [
        text.format(noun)
        for text, noun in zip(_LABELS[line], _NOUNS[kind], strict=True)
    ]
    return {
        "pl": polish[0].upper() + polish[1:],
        "en": english[0].upper() + english[1:],
    }


def table(
    kind: EntityKind,
    years: Sequence[int],
    rows: Iterable[Known],
    obtained: Obtained,
    reported: Collection[int],
) -> dict[str, Any]:
    """The whole table for these years, with the changes of lines 1 to 1.2 from each
    year to the next one in `years`.

    Computed from the rows, nothing is stored. `reported`: the years with rows in
    any voivodeship; where the chosen voivodeships have none, such a year has zeros,
    not "no data".
    """
    counts = dict.fromkeys(reported, Counts(0, 0, 0, 0)) | counted(rows, obtained)
    columns = {year: column(counts.get(year), year, obtained) for year in years}
    lines = [
        {
            "line": line,
            "label": label(kind, line),
            "cells": {str(year): cells[line].wire() for year, cells in columns.items()},
        }
        for line in LINES
    ]
    changes = []
    for before, after in pairwise(years):
        for line in LINES[:-1]:
            cell = _change(columns[before][line], columns[after][line])
            note = NOT_COMPARABLE if cell.status == "not_comparable" else None
            changes.append(
                {
                    "line": line,
                    "from_year": before,
                    "to_year": after,
                    "cell": cell.wire(),
                    "note": note,
                }
            )
    return {"kind": kind.value, "years": [*years], "lines": lines, "changes": changes}
