"""Cells of register files as values. Pure; runs once for every cell, so it stays plain."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from services.chassis.transfer.files import RowProblem
from services.registry.institutions.rules.facts import is_nip, is_regon

Row = Mapping[str, str]
Value = TypeVar("Value")
Word = TypeVar("Word", bound=str)
_DATE = re.compile(
    # Spreadsheets export a time of day behind the date.
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?|([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})",
    re.ASCII,
)
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,12})?", re.ASCII)
_YES, _NO = {"tak", "t", "yes", "true", "1"}, {"nie", "n", "no", "false", "0"}
LONGEST_TEXT = 300
# Limited, since a file may have another cell in every row.
REMEMBERED = 16_384


class CellError(ValueError):
    """What is wrong with a cell, as a code."""


def repeating(reader: Callable[[str], Value]) -> Callable[[str], Value]:
    """A reader for columns whose cells say the same again and again: read once, then remembered."""
    return lru_cache(maxsize=REMEMBERED)(reader)


def text(cell: str) -> str:
    """One line of text in NFC."""
    # ASCII is in NFC already, and most cells are ASCII.
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    if not cell.isprintable():
        raise CellError("not_allowed_character")
    if len(cell) > LONGEST_TEXT:
        raise CellError("too_long")
    return cell


def day(cell: str) -> str:
    """A date as ISO text; `2020-01-31`, `31.01.2020` and `31-01-2020` are read."""
    match = _DATE.fullmatch(cell)
    if match is None:
        raise CellError("wrong_format")
    year, month, number = (
        (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    )
    try:
        return date(int(year), int(month), int(number)).isoformat()
    except ValueError:
        raise CellError("wrong_format") from None


def count(cell: str) -> int:
    """A whole number from 0."""
    # For Python the digits of other scripts are digits, too.
    if not (cell.isascii() and cell.isdigit()):
        raise CellError("wrong_format")
    # Nine digits fit into an integer of PostgreSQL.
    if len(cell) > 9:
        raise CellError("too_large")
    return int(cell)


def degrees(cell: str) -> float:
    """A coordinate, with a decimal point or comma."""
    if not _NUMBER.fullmatch(cell):
        raise CellError("wrong_format")
    return float(cell.replace(",", "."))


def flag(cell: str) -> bool:
    """Yes or no, in Polish or English."""
    word = cell.casefold()
    if word not in _YES and word not in _NO:
        raise CellError("not_listed")
    return word in _YES


def digits(*lengths: int) -> Callable[[str], str]:
    """Exactly so many ASCII digits."""

    def check(cell: str) -> str:
        if not (cell.isascii() and cell.isdigit() and len(cell) in lengths):
            raise CellError("wrong_format")
        return cell

    return check


def rspo(cell: str) -> str:
    """An RSPO number: a positive whole number without check digit."""
    # Spreadsheets drop leading zeros and other programs add them.
    number = cell.lstrip("0")
    if not (number.isascii() and number.isdigit() and len(number) <= 10):
        raise CellError("wrong_format")
    return number


def regon(cell: str) -> str:
    """A REGON with right check digits."""
    if not is_regon(cell):
        raise CellError("wrong_checksum")
    return cell


def nip(cell: str) -> str:
    """A NIP with a right check digit; separators are dropped."""
    number = cell.replace("-", "").replace(" ", "")
    if not is_nip(number):
        raise CellError("wrong_checksum")
    return number


def postcode(cell: str) -> str:
    """A postcode as `00-000`."""
    # Registers write it with the hyphen and without.
    number = cell.replace("-", "")
    if not (number.isascii() and number.isdigit() and len(number) == 5):
        raise CellError("wrong_format")
    return f"{number[:2]}-{number[2:]}"


def listed(*values: Word) -> Callable[[str], Word]:
    """One of the documented values."""
    # Looked up, it gives the member of the enumeration for the text of a cell.
    allowed: dict[str, Word] = {value: value for value in values}

    def check(cell: str) -> Word:
        if cell not in allowed:
            raise CellError("not_listed")
        return allowed[cell]

    return check


class Reader:
    """How the cells of one kind of row are read: every field its own way, an empty cell as None."""

    def __init__(
        self, readers: Mapping[str, Callable[[str], Any]], *others: str
    ) -> None:
        self.readers = dict(readers)
        self.empty: dict[str, Any] = dict.fromkeys((*readers, *others))

    def read(self, row: Row) -> tuple[dict[str, Any], list[RowProblem]]:
        """The values of a row by field (`others` are there for the caller to fill), and what cannot be read."""
        # A copy is cheaper than building it: this runs for every row of a register.
        values, problems, readers = self.empty.copy(), [], self.readers
        for field, cell in row.items():
            if cell and (cell := cell.strip()) and field in readers:
                try:
                    values[field] = readers[field](cell)
                except CellError as error:
                    # The code and never the cell, which may hold personal data.
                    problems.append(RowProblem(f"/{field}", str(error)))
        return values, problems
