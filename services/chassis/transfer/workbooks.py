"""XLSX from strangers: what a workbook must not be, and its rows."""

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from services.chassis.transfer.files import Broken, Order, RowProblem, Rows, find_header

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


def read_xlsx(data: bytes, order: Order) -> Rows:
    """The rows of a workbook's first sheet, once its directory is found harmless."""
    check_workbook(data)
    # After the check, and only where a workbook is read.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError):
        raise Broken("not_a_workbook") from None
    place = find_header(
        ([_cell(cell) for cell in row] for row in sheet.iter_rows()), order
    )
    if isinstance(place, Broken):
        raise place
    for number, row in enumerate(
        itertools.islice(sheet.iter_rows(), place.skip, None),
        start=(sheet.start or [0])[0] + place.skip + 1,
    ):
        cells = {field: _cell(row[index]) for field, index in place.columns}
        if any(cells.values()):
            yield (
                number,
                cells
                if "\0" not in "".join(cells.values())
                else RowProblem("", "not_allowed_character"),
            )


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
    # A symbolic link, or encrypted.
    return (entry.external_attr >> 16) & 0o170000 == 0o120000 or bool(
        entry.flag_bits & 1
    )


def _is_inflated(entry: zipfile.ZipInfo) -> bool:
    return (
        entry.file_size > SMALL_ENTRY
        and entry.file_size > HIGHEST_RATIO * entry.compress_size
    )
