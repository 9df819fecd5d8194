"""XLSX from strangers: its rows, once the workbook is checked."""

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from services.chassis.tabular.headings import Place, checked, find_header
from services.chassis.tabular.rows import Broken, Layout, Order, RowProblem, Rows
from services.chassis.tabular.sheet_parts import faults_of, holds_cells, sheets_of

MOST_ENTRIES, MOST_UNPACKED, HIGHEST_RATIO = 2_000, 268_435_456, 100
SMALL_ENTRY, LOCAL_HEADER = 1_048_576, 30
_ACTIVE = re.compile(
    r"vbaproject|externallinks/|embeddings/|activex|oleobject|macrosheets/",
    re.IGNORECASE,
)
_UNSAFE_NAME = re.compile(r"^/|\\|:|(?:^|/)\.\.(?:/|$)")
# With or without zero bytes: a part may be in UTF-16.
_DTD = re.compile(
    rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE
)


def read_xlsx(data: bytes, order: Order, layout: Layout | None = None) -> Rows:
    """The rows of a workbook's first visible sheet, once it is found harmless."""
    check_workbook(data)
    # Imported after the check, and only where a workbook is read.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    sheets = sheets_of(data)
    first_shown = next((sheet for sheet in sheets if sheet.is_shown), sheets[0])
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(first_shown.place)
    except (CalamineError, OSError, ValueError, IndexError):
        raise Broken("not_a_workbook") from None
    # The library leaves out the columns before the first that is filled, not the rows.
    padding = [""] * (sheet.start or (0, 0))[1]
    heads = ([*padding, *map(_cell, row)] for row in sheet.iter_rows())
    place = find_header(heads, order)
    if isinstance(place, Broken):
        raise place
    layout = place.merged_into(layout)
    for other in sheets:
        if other.is_shown and other != first_shown and holds_cells(data, other):
            layout.warn(1, "sheet_not_read", None)
    faults = faults_of(data, first_shown)
    rows = itertools.islice(sheet.iter_rows(), place.skip, None)
    for number, row in enumerate(rows, start=place.skip + 1):
        cells = _cells_of_row(
            place, number, [*padding, *row] if padding else row, layout
        )
        problems = _faults_of_row(place, faults[number]) if number in faults else []
        if problems or any(cells.values()):
            yield number, problems or checked(cells)


def _cells_of_row(
    place: Place, number: int, row: Sequence[Any], layout: Layout
) -> dict[str, str]:
    if place.unnamed:
        place.warn_of_unnamed(number, row, layout)
    # Nearly all are texts, and a call for each would cost more than reading them.
    return {
        field: value if type(value := row[index]) is str else _cell(value)
        for field, index in place.columns
    }


def _faults_of_row(place: Place, codes: Mapping[int, str]) -> list[RowProblem]:
    return [
        RowProblem(f"/{field}", codes[index])
        for field, index in place.columns
        if index in codes
    ]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        )
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def check_workbook(data: bytes) -> None:
    """Refuse by the directory what explodes, reaches outside or runs; then any DTD."""
    # Before the library reads the directory, an object for each entry.
    if data.count(b"PK\x01\x02") > MOST_ENTRIES:
        raise Broken("too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
            _check_directory(entries)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        head = part.read(4096)
                    if _DTD.search(head) or b"macroEnabled" in head:
                        raise Broken("active_content")
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        raise Broken("not_a_workbook") from None


def _check_directory(entries: Sequence[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(names) or len(
        set(names)
    ) != len(names):
        raise Broken("not_a_workbook")
    if any(map(_UNSAFE_NAME.search, names)) or any(map(_is_unreadable, entries)):
        raise Broken("unsafe_entry")
    if any(_ACTIVE.search(name) for name in names):
        raise Broken("active_content")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED or any(
        map(_is_inflated, entries)
    ):
        raise Broken("too_large")
    # Entries that overlap unpack the same bytes again and again.
    for entry, following in itertools.pairwise(entries):
        if (
            entry.header_offset
            + LOCAL_HEADER
            + len(entry.filename)
            + entry.compress_size
            > following.header_offset
        ):
            raise Broken("unsafe_entry")


def _is_unreadable(entry: zipfile.ZipInfo) -> bool:
    # A symbolic link, or an encrypted entry.
    return (entry.external_attr >> 16) & 0o170000 == 0o120000 or bool(
        entry.flag_bits & 1
    )


def _is_inflated(entry: zipfile.ZipInfo) -> bool:
    return (
        entry.file_size > SMALL_ENTRY
        and entry.file_size > HIGHEST_RATIO * entry.compress_size
    )
