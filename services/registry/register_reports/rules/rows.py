"""Rows of a register's file as reports. Pure; runs in the process that reads the file."""

from collections.abc import Callable, Mapping
from datetime import date
from operator import itemgetter
from typing import Any

from services.chassis.tabular.cells import (
    CellError,
    count,
    day,
    digits,
    flag,
    identifier,
    line,
    listed,
)
from services.chassis.transfer.files import Row, RowProblem
from services.registry.institution_imports.rules.cells import Reader
from services.registry.register_reports.rules.facts import (
    FIRST_YEAR,
    EntityKind,
    Register,
    contradictions,
)

STAGING: Mapping[str, str] = {
    "kind": "text",
    "year": "integer",
    "register": "text",
    "entity_key": "text",
    "entity_name": "text",
    "county_terc": "text",
    "registered": "boolean",
    "report_submitted_on": "date",
    "institution_id": "uuid",
}
REQUIRED = ("kind", "year", "register", "entity_key", "entity_name", "county_terc")
_LONGEST_KEY = 64


def _word(*words: str) -> Callable[[str], str]:
    check = listed(*words)
    # Files write both CIS and cis.
    return lambda cell: check(cell.casefold())


def _year(cell: str) -> int:
    number = count(cell)
    if not FIRST_YEAR <= number <= 2100:
        raise CellError("too_small" if number < FIRST_YEAR else "too_large")
    return number


_READER = Reader(
    {
        "kind": _word(*EntityKind),
        "year": _year,
        "register": _word(*Register),
        "entity_key": line(_LONGEST_KEY),
        "entity_name": line(),
        "county_terc": digits(4),
        "registered": flag,
        "report_submitted_on": day,
        "institution_id": identifier,
    }
)
FIELDS = {name: name for name in STAGING} | {
    "Rodzaj": "kind",
    "Rok": "year",
    "Rejestr": "register",
    "Numer": "entity_key",
    "Nazwa": "entity_name",
    "Powiat": "county_terc",
    "Zarejestrowany": "registered",
    "Data sprawozdania": "report_submitted_on",
    "Instytucja": "institution_id",
}
"""Columns by our own names or by Polish ones. The county is given by its code,
never by name.
"""

_in_order = itemgetter(*STAGING)


def parse_report_row(row: Row) -> tuple[Any, ...] | list[RowProblem]:
    """A row of one register for the staging table, or all its errors."""
    values, problems, _ = _READER.read(row)
    reported = {problem.pointer for problem in problems}
    missing = [
        name for name in REQUIRED if values[name] is None and f"/{name}" not in reported
    ]
    problems += [RowProblem(f"/{name}", "missing") for name in missing]
    if not problems:
        # The reader gives texts, as COPY wants them; the rules compare days.
        submitted_on = values["report_submitted_on"]
        facts = values | {
            "report_submitted_on": submitted_on and date.fromisoformat(submitted_on)
        }
        problems = [
            RowProblem(f"/{name}", code) for name, code in contradictions(facts)
        ]
    staging_row: tuple[Any, ...] = _in_order(values)
    return problems or staging_row
