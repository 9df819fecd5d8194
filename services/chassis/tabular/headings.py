"""Where the heading of a table stands, and what each column is."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.chassis.tabular.cells import is_error, unarmoured
from services.chassis.tabular.rows import Broken, Layout, Order, Row, RowProblem

MOST_COLUMNS = 1_000
ROWS_BEFORE_HEADER = 20
# As our own files are headed for people: `Nazwa (name)`.
_CODE_BEHIND = re.compile(r"\(([A-Za-z0-9_.-]+)\)$")


class Place(NamedTuple):
    """Where the header was found: rows to skip, each column's field, cells of a row.

    `unnamed`: columns without a heading. `layout`: what to tell of the header.
    """

    skip: int
    columns: list[tuple[str, int]]
    width: int
    unnamed: list[int]
    layout: Layout

    def told_in(self, layout: Layout | None) -> Layout:
        """The layout that is kept, with what the header tells."""
        kept = Layout() if layout is None else layout
        kept.columns |= self.layout.columns
        kept.warnings += self.layout.warnings
        return kept

    def warn_of_unnamed(self, line: int, row: Sequence[object], layout: Layout) -> None:
        """Warn once of each column without a heading in which something stands."""
        for index in [*self.unnamed]:
            if index < len(row) and str(row[index]).strip():
                layout.warn(line, "column_without_heading", index + 1)
                self.unnamed.remove(index)


class _Names:
    """Headings and their fields: as they are written, else in any case, if one fits."""

    def __init__(self, order: Order) -> None:
        self.exact = {_spaced(name): field for name, field in order.fields.items()}
        self.folded: dict[str, str] = {}
        several = set[str]()
        for name, field in self.exact.items():
            if self.folded.setdefault(name.casefold(), field) != field:
                several.add(name.casefold())
        # Two codes that differ by case alone: only the exact one is meant.
        for name in several:
            del self.folded[name]
        self.ignored = {_spaced(name).casefold() for name in order.ignored}

    def field(self, heading: str) -> str | None:
        """The field that a heading is of."""
        name = _spaced(heading)
        found = self.exact.get(name) or self.folded.get(name.casefold())
        if found is None and (code := _CODE_BEHIND.search(name)):
            return self.exact.get(code[1])
        return found

    def is_ignored(self, heading: str) -> bool:
        """Whether a heading is known, and its column not taken."""
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
    """Two rows of merged cells as one: what stands below, or else what stands above."""
    pairs = itertools.zip_longest(above, below, fillvalue=("", 0))
    return [low if low[0].strip() else high for high, low in pairs]


def find_header(rows: Iterable[Sequence[str]], order: Order) -> Place | Broken:
    """The first row, or pair of merged rows, with every required column.

    Broken: what the likeliest one lacks.
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
    # By what they are called in files: a field has another name in many of them.
    expected = [name for name, field in order.fields.items() if field in lacking]
    return Broken("header_missing", closest, missing=lacking, headings=expected)


def _place(
    names: _Names, order: Order, skip: int, cells: Cells, following: Cells
) -> Place:
    """The header in these cells, with the row that follows if it is the other half."""
    places = _places(names, cells)
    required = [index for field, index in places if field in order.required]
    is_merged = not any(
        following[index][0].strip() for index in required if index < len(following)
    )
    fields = {field for field, _ in places}
    # No row of data: nothing stands under what is required, and there are headings.
    if is_merged and {field for field, _ in _places(names, following)} - fields:
        skip, cells = skip + 1, _joined(cells, following)
        places = _places(names, cells)
    _refuse_repeated(places, cells)
    unnamed = [index for index, (text, _) in enumerate(cells) if not text.strip()]
    layout = _layout(names, order, skip, cells, places)
    return Place(skip, places, len(cells), unnamed, layout)


def _refuse_repeated(places: list[tuple[str, int]], cells: Cells) -> None:
    seen = set[str]()
    for field, index in places:
        if field in seen:
            raise Broken("header_repeated", cells[index][1], index + 1)
        seen.add(field)


def _layout(
    names: _Names,
    order: Order,
    skip: int,
    cells: Cells,
    places: list[tuple[str, int]],
) -> Layout:
    """The columns by field, and which columns nobody knows or finds."""
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
    """A row, or what no database column and no value can be made of."""
    together = "".join(row.values())
    if "\0" in together:
        return [RowProblem("", "not_allowed_character")]
    # One look at the whole spares one at each cell.
    if "#" not in together and "rr:" not in together and "d:" not in together:
        return row
    wrong = [
        RowProblem(f"/{field}", "cell_in_error")
        for field, cell in row.items()
        if is_error(cell)
    ]
    return wrong or row
