"""Where the heading of a table is, and which field each column holds."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.chassis.tabular.cells import is_error, unarmoured
from services.chassis.tabular.rows import Broken, Layout, Order, Row, RowProblem

MOST_COLUMNS = 1_000
ROWS_BEFORE_HEADER = 20
# The form of headings in our own files for people: `Nazwa (name)`.
_CODE_BEHIND = re.compile(r"\(([A-Za-z0-9_.-]+)\)$")


class Place(NamedTuple):
    """The place of a header: rows to skip, each column's field, cells of a row.

    `unnamed`: columns without a heading. `layout`: columns and warnings of the header.
    """

    skip: int
    columns: list[tuple[str, int]]
    width: int
    unnamed: list[int]
    layout: Layout

    def merged_into(self, layout: Layout | None) -> Layout:
        """A layout, or a new one, with the columns and warnings of the header."""
        merged = Layout() if layout is None else layout
        merged.columns |= self.layout.columns
        merged.warnings += self.layout.warnings
        return merged

    def warn_of_unnamed(self, line: int, row: Sequence[object], layout: Layout) -> None:
        """Warn once of each column without a heading that has a cell with content."""
        for index in [*self.unnamed]:
            if index < len(row) and str(row[index]).strip():
                layout.warn(line, "column_without_heading", index + 1)
                self.unnamed.remove(index)


class _Names:
    """Headings and their fields: exact, else without case if only one field fits."""

    def __init__(self, order: Order) -> None:
        self.exact = {_spaced(name): field for name, field in order.fields.items()}
        self.folded: dict[str, str] = {}
        ambiguous = set[str]()
        for name, field in self.exact.items():
            if self.folded.setdefault(name.casefold(), field) != field:
                ambiguous.add(name.casefold())
        # Two codes that differ by case alone: only the exact one counts.
        for name in ambiguous:
            del self.folded[name]
        self.ignored = {_spaced(name).casefold() for name in order.ignored}

    def field(self, heading: str) -> str | None:
        """The field of a heading."""
        name = _spaced(heading)
        field = self.exact.get(name) or self.folded.get(name.casefold())
        if field is None and (code := _CODE_BEHIND.search(name)):
            return self.exact.get(code[1])
        return field

    def is_ignored(self, heading: str) -> bool:
        """Whether a heading is known, and its column not imported."""
        return _spaced(heading).casefold() in self.ignored


def _spaced(heading: str) -> str:
    # Line breaks and no-break spaces are spaces: `split` knows all of them.
    words = unarmoured(heading.strip()).split()
    return unicodedata.normalize("NFC", " ".join(words))


Cells = list[tuple[str, int]]
"""The texts of a header, each with its line: merged cells may take two."""


def _places(names: _Names, cells: Cells) -> list[tuple[str, int]]:
    fields = [names.field(text) for text, _ in cells]
    return [(field, index) for index, field in enumerate(fields) if field]


def _joined(above: Cells, below: Cells) -> Cells:
    """Two rows of merged cells as one: the lower cell, or if empty the upper one."""
    pairs = itertools.zip_longest(above, below, fillvalue=("", 0))
    return [low if low[0].strip() else high for high, low in pairs]


def find_header(rows: Iterable[Sequence[str]], order: Order) -> Place | Broken:
    """The first row, or pair of merged rows, with every required column.

    Broken: the columns that the closest row lacks.
    """
    names = _Names(order)
    lines: list[Cells] = [
        [(text, number) for text in row]
        for number, row in enumerate(itertools.islice(rows, ROWS_BEFORE_HEADER + 1), 1)
    ]
    lacking, closest = [*order.required], 1
    above: Cells = []
    for number, row in enumerate(lines[:ROWS_BEFORE_HEADER], start=1):
        if len(row) > MOST_COLUMNS:
            raise Broken("too_many_columns", number, MOST_COLUMNS)
        both = _joined(above, row)
        # A title above adds nothing; a cell merged over both rows does.
        cells = both if len(_places(names, both)) > len(_places(names, row)) else row
        fields = {field for field, _ in _places(names, cells)}
        missing = [field for field in order.required if field not in fields]
        if fields and not missing:
            following = lines[number] if number < len(lines) else []
            return _place(names, order, number, cells, following)
        if len(missing) < len(lacking):
            lacking, closest = missing, number
        above = row
    # By their names in files, which often differ from the fields' names.
    expected = [name for name, field in order.fields.items() if field in lacking]
    return Broken("header_missing", closest, missing=lacking, headings=expected)


def _place(
    names: _Names, order: Order, skip: int, cells: Cells, following: Cells
) -> Place:
    """The header in these cells, with the following row if it is the other half."""
    places = _places(names, cells)
    required = [index for field, index in places if field in order.required]
    is_merged = not any(
        following[index][0].strip() for index in required if index < len(following)
    )
    fields = {field for field, _ in places}
    # No row of data: it is empty under required columns, and has headings.
    if is_merged and {field for field, _ in _places(names, following)} - fields:
        skip, cells = skip + 1, _joined(cells, following)
        places = _places(names, cells)
    _refuse_repeated(places, cells)
    unnamed = [index for index, (text, _) in enumerate(cells) if not text.strip()]
    layout = _layout(names, order, skip, cells, places)
    return Place(skip, places, len(cells), unnamed, layout)


def _refuse_repeated(places: list[tuple[str, int]], cells: Cells) -> None:
    fields_so_far = set[str]()
    for field, index in places:
        if field in fields_so_far:
            raise Broken("header_repeated", cells[index][1], index + 1)
        fields_so_far.add(field)


def _layout(
    names: _Names,
    order: Order,
    skip: int,
    cells: Cells,
    places: list[tuple[str, int]],
) -> Layout:
    """The columns by field, with warnings of unknown and of missing columns."""
    layout = Layout({field: index + 1 for field, index in places})
    for index, (text, line) in enumerate(cells):
        is_known = names.field(text) or names.is_ignored(text)
        if text.strip() and not is_known:
            layout.warn(line, "unknown_column", index + 1)
    if order.is_complete or (order.is_official and layout.warnings):
        for field in dict.fromkeys(order.fields.values()):
            if field not in layout.columns:
                layout.warn(skip, "column_missing", None, f"/{field}")
    return layout


def checked(row: Row) -> Row | list[RowProblem]:
    """A row, or the problems of cells that no column and no value can hold."""
    together = "".join(row.values())
    if "\0" in together:
        return [RowProblem("", "not_allowed_character")]
    # One search in the whole row saves one in each cell.
    if "#" not in together and "rr:" not in together and "d:" not in together:
        return row
    problems = [
        RowProblem(f"/{field}", "cell_in_error")
        for field, cell in row.items()
        if is_error(cell)
    ]
    return problems or row
