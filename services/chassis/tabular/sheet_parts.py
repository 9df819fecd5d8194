"""What the workbook library does not report: hidden sheets, cells in error."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse

from services.chassis.tabular.rows import Broken

_CHUNK, _LONGEST_MARK = 1_048_576, 16
# Plain marks are found much faster than by a pattern: most sheets hold neither errors nor
# formulas. A sheet whose tags have a prefix, or that is in UTF-16, is read as a whole.
_PLAIN = b"<worksheet"
_SUSPECT = (b't="e"', b"t='e'", b"</f>", b"<f/>")
_ANY_CELL = (b"<c ", b"<c>")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]+)", re.ASCII)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Faults = Mapping[int, Mapping[int, str]]
"""Codes of the cells that have no value, by row from 1 and by column from 0."""


class Sheet(NamedTuple):
    """A sheet of a workbook: its place in the library's list, and its part."""

    place: int
    part: str
    is_shown: bool
    is_calculated: bool


def sheets_of(data: bytes) -> list[Sheet]:
    """The sheets with cells, in their order. Broken when the workbook is malformed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - no DTD
            links = fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ParseError):
        raise Broken("not_a_workbook") from None
    parts = {link.get("Id"): link for link in links}
    # Programs that set this have not calculated: cells with formulas hold zeros.
    asks = [element.get("fullCalcOnLoad") for element in _named(book, "calcPr")]
    is_calculated = not {*asks} & {"1", "true"}
    sheets = []
    for place, sheet in enumerate(_named(book, "sheet")):
        link = parts.get(sheet.get(_RELATION))
        if link is None or not link.get("Type", "").endswith("/worksheet"):
            continue
        target = link.get("Target", "")
        part = target[1:] if target.startswith("/") else f"xl/{target}"
        is_shown = sheet.get("state", "visible") == "visible"
        sheets.append(Sheet(place, part, is_shown, is_calculated))
    if not sheets:
        raise Broken("not_a_workbook")
    return sheets


def _named(element: Element, name: str) -> Iterator[Element]:
    return (each for each in element.iter() if each.tag.rpartition("}")[2] == name)


def holds_cells(data: bytes, sheet: Sheet) -> bool:
    """Whether a sheet has any cell."""
    return _holds(data, sheet, _ANY_CELL)


def faults_of(data: bytes, sheet: Sheet) -> Faults:
    """The cells of a sheet that hold an error, or a formula that was never calculated."""
    if not _holds(data, sheet, _SUSPECT):
        return {}
    faults: dict[int, dict[int, str]] = {}
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as archive,
            archive.open(sheet.part) as part,
        ):
            for row, column, cell in _cells(part):
                code = _fault(cell, is_calculated=sheet.is_calculated)
                if code is not None:
                    faults.setdefault(row, {})[column] = code
    except (KeyError, ParseError, ValueError):
        raise Broken("not_a_workbook") from None
    return faults


def _holds(data: bytes, sheet: Sheet, marks: Sequence[bytes]) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sheet.part not in archive.namelist():
            raise Broken("not_a_workbook")
        with archive.open(sheet.part) as part:
            tail, chunk = b"", part.read(_CHUNK)
            if _PLAIN not in chunk:
                return True
            while chunk:
                # A mark may lie across the edge of two chunks.
                if any(mark in tail or mark in chunk for mark in marks):
                    return True
                tail, chunk = chunk[-_LONGEST_MARK:], part.read(_CHUNK)
                tail += chunk[:_LONGEST_MARK]
    return False


def _cells(part: IO[bytes]) -> Iterator[tuple[int, int, Element]]:
    """Each cell with its row from 1 and its column from 0; many writers name neither."""
    row, column = 0, -1
    rows: Element | None = None
    for event, element in iterparse(part, ("start", "end")):  # noqa: S314 - no DTD
        name = element.tag.rpartition("}")[2]
        if event == "start" and name == "sheetData":
            rows = element
        elif event == "start" and name == "row":
            row, column = int(element.get("r") or row + 1), -1
        elif event == "end" and name == "c":
            place = _REFERENCE.fullmatch(element.get("r", ""))
            column = _column(place[1]) if place else column + 1
            yield row, column, element
        elif event == "end" and name == "row" and rows is not None:
            # A sheet of a million rows is never held as a whole.
            rows.clear()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _fault(cell: Element, *, is_calculated: bool) -> str | None:
    if cell.get("t") == "e":
        return "cell_in_error"
    texts = {part.tag.rpartition("}")[2]: part.text for part in cell}
    if "f" not in texts:
        return None
    # A formula that gives an empty text has a value: the cell's type is text.
    has_value = texts.get("v") or ("v" in texts and cell.get("t") == "str")
    return None if has_value and is_calculated else "formula_not_calculated"
