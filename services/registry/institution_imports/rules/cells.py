"""Readers of the cells of register files that other imports do not have. Pure; runs
once for every cell.
"""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from services.chassis.tabular import cells
from services.chassis.tabular.cells import CellError
from services.chassis.transfer.files import Row, RowProblem
from services.registry.institutions.rules.facts import (
    EMAIL,
    PHONE,
    WEBSITE,
    is_nip,
    regon_of,
)

_PHONE, _EMAIL, _WEBSITE = (
    re.compile(pattern, re.ASCII) for pattern in (PHONE, EMAIL, WEBSITE)
)
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:[:/]\S*)?", re.ASCII)
# Units older than the reform of the register have numbers such as 000123456.
_REGON_ZEROS = 3


def rspo(cell: str) -> str:
    """An RSPO number: a positive whole number without check digit."""
    # Spreadsheets drop leading zeros and other programs add them.
    number = cell.lstrip("0")
    if not (number.isascii() and number.isdigit() and len(number) <= 10):
        raise CellError("wrong_format")
    return number


def regon(cell: str) -> str:
    """A REGON with correct check digits, its leading zeros restored."""
    number = regon_of(cell)
    if number is None and len(cell) not in {9, 14}:
        width = 9 if len(cell) < 9 else 14
        with suppress(CellError):
            number = regon_of(cells.restored(cell, width, eaten=_REGON_ZEROS))
    if number is None:
        raise CellError("wrong_checksum")
    return number


def nip(cell: str) -> str:
    """A NIP with a correct check digit; separators are dropped."""
    number = "".join(cell.replace("-", " ").split())
    if not is_nip(number):
        raise CellError("wrong_checksum")
    return number


def postcode(cell: str) -> str:
    """A postcode as `00-000`."""
    # Registers write it with or without the hyphen; without it, Warsaw's 00-950 is 950.
    number = cells.restored(cell.replace("-", ""), 5, eaten=0 if "-" in cell else 2)
    return f"{number[:2]}-{number[2:]}"


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    line = cells.line()

    def read(cell: str) -> str:
        # Nearly all cells are plain ASCII: only their pattern has to be checked.
        if cell.isascii() and cell.isprintable() and pattern.fullmatch(cell):
            return cell
        text = line(cell)
        if not pattern.fullmatch(text):
            raise CellError("wrong_format")
        return text

    return read


phone, email, _address = map(_matching, (_PHONE, _EMAIL, _WEBSITE))


def website(cell: str) -> str:
    """The address of a web page; registers often leave out `http://`."""
    return _address(f"http://{cell}" if _HOST.fullmatch(cell) else cell)


class Cells(NamedTuple):
    """The values of a row by field, the errors in its cells, and warnings of
    cells left out.
    """

    values: dict[str, Any]
    problems: list[RowProblem]
    warnings: list[RowProblem]


class Reader:
    """Reads the cells of one kind of row, with a function for each field; an
    empty cell is None.

    An unreadable cell of a `dispensable` field is only a warning: the row is
    taken without it.
    """

    def __init__(
        self,
        readers: Mapping[str, Callable[[str], Any]],
        *others: str,
        dispensable: Collection[str] = (),
    ) -> None:
        self.readers = dict(readers)
        self.empty: dict[str, Any] = dict.fromkeys((*readers, *others))
        self.dispensable = {*dispensable}

    def read(self, row: Row) -> Cells:
        """The cells of a row; the fields of `others` are None, for the caller to fill."""
        # Copying a dict is cheaper than building it: this runs for every row.
        values, readers = self.empty.copy(), self.readers
        problems: list[RowProblem] = []
        warnings: list[RowProblem] = []
        for field, cell in row.items():
            if cell and field in readers and (cell := cell.strip()):
                try:
                    values[field] = readers[field](cell)
                except CellError as error:
                    # The code and never the cell, which may hold personal data.
                    reports = warnings if field in self.dispensable else problems
                    reports.append(RowProblem(f"/{field}", str(error)))
        return Cells(values, problems, warnings)
