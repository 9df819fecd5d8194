"""Cells of a file as values. Most are remembered: a column holds few different ones."""

import json
import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from services.screening.campaigns.rules.counties import COUNTY_CODE
from services.screening.instruments.rules.outcomes import Informant, Sex

Value = TypeVar("Value")
_DATE = re.compile(r"(?:1[89]|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)
_POLISH_DATE = re.compile(
    r"([0-9]{1,2})\.([0-9]{1,2})\.((?:1[89]|20|21)[0-9]{2})", re.ASCII
)
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_COUNTY = re.compile(COUNTY_CODE, re.ASCII)
_FLAGS = {
    "tak": True,
    "yes": True,
    "true": True,
    "1": True,
    "nie": False,
    "no": False,
    "false": False,
    "0": False,
}
_SEXES = {"k": Sex.FEMALE, "m": Sex.MALE, "": Sex.UNKNOWN}
# Wider than all live births: beyond them somebody mistyped.
_MOST_WEEKS, _FEWEST_WEEKS = 44, 20
_LONGEST_ANSWERS = 100_000


class CellError(ValueError):
    """What is wrong with a cell, as a code."""


def _remembered(reader: Callable[[str], Value]) -> Callable[[str], Value]:
    return lru_cache(maxsize=16_384)(reader)


@_remembered
def day(cell: str) -> date:
    """A date as ISO writes it, or as people here do: `2026-01-31`, `31.01.2026`."""
    polish = _POLISH_DATE.fullmatch(cell)
    try:
        if polish:
            return date(int(polish[3]), int(polish[2]), int(polish[1]))
        if _DATE.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise CellError("wrong_format")


@_remembered
def month(cell: str) -> date:
    """The first day of a month: `2024-03`, or any day of it."""
    has_no_day = re.fullmatch(r"[0-9]{4}-[0-9]{2}", cell, re.ASCII)
    return day(f"{cell}-01" if has_no_day else cell).replace(day=1)


def last_day(of_month: date) -> date:
    """The last day of a month."""
    return of_month.replace(day=monthrange(of_month.year, of_month.month)[1])


@_remembered
def count(cell: str) -> int:
    """A whole number from 0."""
    if not re.fullmatch(r"[0-9]{1,6}", cell, re.ASCII):
        raise CellError("wrong_format")
    return int(cell)


@_remembered
def weeks(cell: str) -> int:
    """Weeks of pregnancy."""
    number = count(cell)
    if not _FEWEST_WEEKS <= number <= _MOST_WEEKS:
        raise CellError("too_small" if number < _FEWEST_WEEKS else "too_large")
    return number


@_remembered
def flag(cell: str) -> bool:
    """Yes or no, in Polish or English."""
    value = _FLAGS.get(cell.casefold())
    if value is None:
        raise CellError("wrong_format")
    return value


@_remembered
def sex(cell: str) -> str:
    """Sex by its word, or K and M."""
    letter = _SEXES.get(cell.casefold())
    if letter is None and cell not in {*Sex}:
        raise CellError("not_listed")
    return str(letter or Sex(cell))


@_remembered
def informant(cell: str) -> str:
    """Who answered."""
    if cell not in {*Informant}:
        raise CellError("not_listed")
    return cell


@_remembered
def county(cell: str) -> str:
    """A county's TERYT code; a spreadsheet may have eaten its leading zero."""
    code = cell.zfill(4)
    if not _COUNTY.fullmatch(code):
        raise CellError("wrong_format")
    return code


# Not remembered: every row has a reference of its own.
def identifier(cell: str) -> str:
    """A UUID."""
    if not _ID.fullmatch(cell):
        raise CellError("wrong_format")
    return cell.lower()


def line(cell: str) -> str:
    """One line of text."""
    if not cell.isprintable():
        raise CellError("not_allowed_character")
    if len(cell) > 200:
        raise CellError("too_long")
    return cell


def answers(cell: str) -> dict[str, Any]:
    """Answers by item code as one JSON object."""
    if len(cell) > _LONGEST_ANSWERS:
        raise CellError("too_long")
    try:
        parsed = json.loads(cell)
    # A cell full of brackets is nested deeper than Python goes.
    except (ValueError, RecursionError):
        raise CellError("malformed_json") from None
    # NUL and lone surrogates can be written in JSON and in no database column.
    is_storable = "\\u0000" not in cell and "\\ud" not in cell.lower()
    if not isinstance(parsed, dict) or not is_storable:
        raise CellError("malformed_json")
    return parsed
