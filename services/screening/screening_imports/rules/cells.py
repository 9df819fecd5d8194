"""Cells of screenings as values. Most are cached, because a column has few distinct cells."""

import re
from calendar import monthrange
from datetime import date
from typing import Any

from services.chassis.ground.bodies import parse_json_object
from services.chassis.ground.problems import Problem
from services.chassis.tabular import cells
from services.chassis.tabular.cells import CellError, remembered
from services.chassis.tabular.characters import plain_text
from services.screening.campaigns.rules.counties import COUNTY_CODE
from services.screening.instruments.rules.outcomes import Informant, Sex

_COUNTY = re.compile(COUNTY_CODE, re.ASCII)
_SEXES = {"k": Sex.FEMALE, "m": Sex.MALE, "": Sex.UNKNOWN}
# Wider than the range of live births: a value beyond it is a typing error.
_MOST_WEEKS, _FEWEST_WEEKS = 44, 20
_LONGEST_ANSWERS = 100_000


@remembered
def day(cell: str) -> date:
    """A date: `2026-01-31`, `31.01.2026`."""
    return date.fromisoformat(cells.day(cell))


@remembered
def month(cell: str) -> date:
    """The first day of a month: `2024-03`, or any day of it."""
    has_no_day = re.fullmatch(r"[0-9]{4}-[0-9]{2}", cell, re.ASCII)
    return day(f"{cell}-01" if has_no_day else cell).replace(day=1)


def last_day(of_month: date) -> date:
    """The last day of a month."""
    return of_month.replace(day=monthrange(of_month.year, of_month.month)[1])


@remembered
def weeks(cell: str) -> int:
    """Weeks of pregnancy."""
    number = cells.count(cell)
    if not _FEWEST_WEEKS <= number <= _MOST_WEEKS:
        raise CellError("too_small" if number < _FEWEST_WEEKS else "too_large")
    return number


@remembered
def sex(cell: str) -> str:
    """Sex by its code, or by the Polish letters K (female) and M (male)."""
    letter = _SEXES.get(cell.casefold())
    if letter is None and cell not in {*Sex}:
        raise CellError("not_listed")
    return str(letter or Sex(cell))


@remembered
def informant(cell: str) -> str:
    """The kind of informant."""
    if cell not in {*Informant}:
        raise CellError("not_listed")
    return cell


@remembered
def county(cell: str) -> str:
    """A county's TERYT code."""
    code = cells.restored(cell, 4)
    if not _COUNTY.fullmatch(code):
        raise CellError("wrong_format")
    return code


def answers(cell: str) -> dict[str, Any]:
    """Answers by item code from one JSON object, parsed like the body of a request."""
    if len(cell) > _LONGEST_ANSWERS:
        raise CellError("too_long")
    try:
        answers_by_code = parse_json_object(cell.encode())
    except Problem:
        raise CellError("malformed_json") from None
    plain_answers = {}
    for code, answer in answers_by_code.items():
        text = plain_text(answer.strip()) if isinstance(answer, str) else answer
        if text is None and answer is not None:
            raise CellError("not_allowed_character")
        plain_answers[code] = text
    return plain_answers
