"""Cells as people and spreadsheets write them, and their values.

One way for all imports: what the API refuses is refused here, and changes that a
spreadsheet makes to a cell are undone. Runs once for every cell, so it stays plain.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TypeVar

from services.chassis.tabular.characters import plain_text

Value = TypeVar("Value")
Word = TypeVar("Word", bound=str)
# A spreadsheet runs a cell that begins with one of these (the last four: full width).
DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
# The errors that Excel and LibreOffice show, in English and in Polish.
_ERROR = re.compile(
    r"#(?:N/A|VALUE!|REF!|DIV/0!|NUM!|NAME\?|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!"
    r"|UNKNOWN!|BUSY!|GETTING_DATA|N/D!|ARG!|ADR!|DZIEL/0!|LICZBA!|NAZWA\?|ZERO!"
    r"|ROZLANIE!|OBLICZ!|#+)|(?:Err|B\u0142\u0105d):[0-9]{3}"
)
_BREAKS = re.compile(" *[\t\r\n\u00a0\u2007\u202f][ \t\r\n\u00a0\u2007\u202f]*")
_DATE = re.compile(
    # Spreadsheets export a time of day after the date. Dates with slashes are refused:
    # their order of day and month differs between countries.
    r"(?:((?:1[89]|20|21)[0-9]{2})-([0-9]{2})-([0-9]{2})"
    r"|([0-9]{1,2})([.-])([0-9]{1,2})\5((?:1[89]|20|21)[0-9]{2}))"
    r"(?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)?",
    re.ASCII,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u2007\u202f][0-9]{3})+", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,12})?", re.ASCII)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_YES = {"tak", "t", "yes", "true", "prawda", "1"}
_NO = {"nie", "n", "no", "false", "fa\u0142sz", "0"}
# Limited, since a file may have another cell in every row.
REMEMBERED = 16_384


class CellError(ValueError):
    """The fault of a cell, as a code."""


def remembered(reader: Callable[[str], Value]) -> Callable[[str], Value]:
    """A reader for columns with few different cells: each is read once."""
    return lru_cache(maxsize=REMEMBERED)(reader)


def unarmoured(cell: str) -> str:
    """Text without a spreadsheet's armour: `="007"` → `007`, `'=1` → `=1`."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].replace('""', '"')
    return (
        cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in {*DANGEROUS} else cell
    )


def harmless(text: str) -> str:
    """Text, after an apostrophe if a spreadsheet would run it (see `unarmoured`)."""
    return f"'{text}" if text.lstrip("'")[:1] in {*DANGEROUS} else text


def is_error(cell: str) -> bool:
    """Whether a cell holds an error of a spreadsheet (`#N/A`, `#ARG!`, `Err:502`)."""
    return bool(_ERROR.fullmatch(cell.strip()))


def spaced(cell: str) -> str:
    """One line: line breaks, tabs and no-break spaces are spaces."""
    return cell if cell.isprintable() else _BREAKS.sub(" ", cell).strip()


def line(most: int = 300) -> Callable[[str], str]:
    """One line of text in NFC, at most as long as the API accepts."""

    def read(cell: str) -> str:
        # ASCII is in NFC already, and most cells are ASCII.
        if not (cell.isascii() and cell.isprintable()):
            plain = plain_text(cell if cell.isprintable() else spaced(cell))
            if plain is None:
                raise CellError("not_allowed_character")
            cell = plain
        if len(cell) > most:
            raise CellError("too_long")
        return cell

    return read


def day(cell: str) -> str:
    """A date as ISO text; `2020-01-31`, `31.01.2020` and `31-01-2020` are read."""
    match = _DATE.fullmatch(cell)
    if match is None:
        raise CellError("wrong_format")
    year, month, number = (
        (match[1], match[2], match[3]) if match[1] else (match[7], match[6], match[4])
    )
    try:
        return date(int(year), int(month), int(number)).isoformat()
    except ValueError:
        raise CellError("wrong_format") from None


def count(cell: str) -> int:
    """A whole number from 0; spaces may separate its thousands."""
    # To Python the digits of other scripts are digits, too.
    if not (cell.isascii() and cell.isdigit()):
        if not _GROUPED.fullmatch(cell):
            raise CellError("wrong_format")
        cell = "".join(cell.split())
    # Nine digits fit into an integer of PostgreSQL.
    if len(cell) > 9:
        raise CellError("too_large")
    return int(cell)


def decimal(cell: str) -> float:
    """A number with a decimal point or comma."""
    if not _NUMBER.fullmatch(cell):
        raise CellError("wrong_format")
    return float(cell.replace(",", "."))


def flag(cell: str) -> bool:
    """Yes or no, in Polish or English."""
    word = cell.casefold()
    if word not in _YES and word not in _NO:
        raise CellError("not_listed")
    return word in _YES


def identifier(cell: str) -> str:
    """A UUID in lower case, as in the API."""
    if not _ID.fullmatch(cell):
        raise CellError("wrong_format")
    return cell


def restored(cell: str, *widths: int, eaten: int = 1) -> str:
    """A code of digits with the leading zeros that a spreadsheet removed.

    At most `eaten` of them: with more missing it is another code, and refused.
    """
    if cell.isascii() and cell.isdigit():
        for width in widths:
            if width - eaten <= len(cell) <= width:
                return cell.zfill(width)
    raise CellError("wrong_format")


def digits(*widths: int, eaten: int = 1) -> Callable[[str], str]:
    """A code of exactly that many digits, its leading zeros restored."""

    def read(cell: str) -> str:
        return restored(cell, *widths, eaten=eaten)

    return read


def listed(*values: Word) -> Callable[[str], Word]:
    """One of the documented values."""
    # The value is the member of the enumeration for the text of a cell.
    allowed: dict[str, Word] = {value: value for value in values}

    def read(cell: str) -> Word:
        if cell not in allowed:
            raise CellError("not_listed")
        return allowed[cell]

    return read
