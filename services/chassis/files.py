"""Files of rows as people have them, read with distrust: CSV, NDJSON and XLSX, columns found by name.

Works in a child process and imports little. Complaints hold codes and positions, never what the file says.
"""

import csv
import io
import itertools
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from operator import itemgetter
from typing import Any, NamedTuple

LONGEST_LINE = 1_048_576
MOST_COLUMNS = 1_000
ROWS_BEFORE_HEADER = 20
DELIMITERS = ";,\t|"
DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""A spreadsheet runs a cell that begins with one of these (the last four: full width)."""

MOST_ENTRIES, MOST_UNPACKED, HIGHEST_RATIO = 2_000, 268_435_456, 100
SMALL_ENTRY, LOCAL_HEADER = 1_048_576, 30
_ACTIVE = re.compile(
    r"vbaproject|externallinks/|embeddings/|activex|oleobject|macrosheets/",
    re.IGNORECASE,
)
_UNSAFE_NAME = re.compile(r"^/|\\|:|(?:^|/)\.\.(?:/|$)")
_DTD = re.compile(
    rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")

Row = Mapping[str, str]


class RowProblem(NamedTuple):
    """What is wrong with one row: the field it stands in (`/name`) and a code. Never the value."""

    pointer: str
    code: str


Rows = Iterator[tuple[int, Row | RowProblem]]
"""Each row by field name, with the line of the file it begins in."""


class Broken(Exception):
    """The file as a whole cannot be taken: why, and where."""

    def __init__(
        self, reason: str, row: int = 1, column: int = 1, **facts: Any
    ) -> None:
        self.facts = {"reason": reason, "row": row, "column": column, **facts}
        super().__init__(reason)


class Order(NamedTuple):
    """What the parent asks for."""

    format: str
    size: int
    rule: str
    fields: dict[str, str]
    required: list[str]
    unique: dict[str, list[int]]
    encodings: list[str]
    most_rows: int
    seconds: int
    memory: int
    context: Any = None


def unarmoured(cell: str) -> str:
    """The text that a spreadsheet's armour protects: `="007"` → `007`, `'=1` → `=1`; anything else as it is."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].replace('""', '"')
    return (
        cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in {*DANGEROUS} else cell
    )


def _name(header: str) -> str:
    return " ".join(unarmoured(header.strip()).casefold().split())


class Place(NamedTuple):
    """Where the header was found: rows to skip, field and index of each column, cells of a row."""

    skip: int
    columns: list[tuple[str, int]]
    width: int


def find_header(rows: Iterable[Sequence[str]], order: Order) -> Place | Broken:
    """The first row that names every required column, in whatever order; or which columns the likeliest row lacks."""
    wanted = {_name(name): field for name, field in order.fields.items()}
    lacking = [*order.required]
    closest = 1
    for number, row in enumerate(itertools.islice(rows, ROWS_BEFORE_HEADER), start=1):
        if len(row) > MOST_COLUMNS:
            raise Broken("too_many_columns", number, MOST_COLUMNS)
        places = [
            (wanted[name], index)
            for index, cell in enumerate(row)
            if (name := _name(cell)) in wanted
        ]
        fields = [field for field, _ in places]
        missing = [field for field in order.required if field not in fields]
        if places and not missing:
            repeated = next(
                (
                    index
                    for index, field in enumerate(fields)
                    if field in fields[:index]
                ),
                None,
            )
            if repeated is not None:
                raise Broken("header_repeated", number, places[repeated][1] + 1)
            return Place(number, places, len(row))
        if len(missing) < len(lacking):
            lacking, closest = missing, number
    return Broken("header_missing", closest, missing=lacking)


def encoding_of(data: bytes, allowed: Sequence[str]) -> str:
    """UTF-8, or cp1250 where the format allows it and nothing before the first fault is UTF-8 beyond ASCII."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if (
            "cp1250" in allowed
            and not _BEYOND_ASCII.search(data, 0, error.start)
            and data[:2] != b"\xff\xfe"
        ):
            with suppress(UnicodeDecodeError):
                data.decode("cp1250")
                return "cp1250"
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        column = max(map(before.count, DELIMITERS.encode())) + 1
        raise Broken(
            "wrong_encoding", data.count(b"\n", 0, error.start) + 1, column
        ) from None
    return "utf-8-sig"


def _lines(data: bytes, encoding: str) -> Iterator[str]:
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")


def _checked(data: bytes, encodings: Sequence[str]) -> str:
    """The encoding of a file that holds neither NUL nor overlong lines; only a suspect one is read through for them."""
    encoding = encoding_of(data, encodings)
    suspect = b"\0" in data or _may_hold_long_line(data)
    for number, line in enumerate(_lines(data, encoding) if suspect else (), start=1):
        if len(line) > LONGEST_LINE:
            raise Broken("line_too_long", number)
        before, nul, _ = line.partition("\0")
        if nul:
            raise Broken(
                "nul_character", number, max(map(before.count, DELIMITERS)) + 1
            )
    return encoding


def _may_hold_long_line(data: bytes) -> bool:
    start = 0
    while start + LONGEST_LINE < len(data):
        if not (
            start := 1
            + max(
                data.rfind(mark, start, start + LONGEST_LINE) for mark in (b"\n", b"\r")
            )
        ):
            return True
    return False


def _leniently(lines: Iterable[str], delimiter: str) -> Iterator[Sequence[str]]:
    with suppress(csv.Error):
        yield from csv.reader(lines, delimiter=delimiter)


def read_csv(data: bytes, order: Order) -> Rows:
    """The rows of a CSV file; its delimiter is the one under which the header is found."""
    csv.field_size_limit(LONGEST_LINE)
    encoding = _checked(data, order.encodings)
    first = [*itertools.islice(_lines(data, encoding), ROWS_BEFORE_HEADER)]
    found = {
        delimiter: find_header(_leniently(first, delimiter), order)
        for delimiter in DELIMITERS
    }
    places = [
        (delimiter, place)
        for delimiter, place in found.items()
        if isinstance(place, Place)
    ]
    lacks = [lack for lack in found.values() if isinstance(lack, Broken)]
    if not places:
        raise min(lacks, key=lambda lack: len(lack.facts["missing"]))
    delimiter, place = places[0]
    names, pick = (
        [name for name, _ in place.columns],
        itemgetter(*[index for _, index in place.columns], 0),
    )
    may_be_armoured = b'="' in data or b"'" in data
    for line, row in itertools.islice(
        _records(data, encoding, delimiter), place.skip, None
    ):
        if len(row) == place.width:
            cells = pick(row)
            if may_be_armoured and any(
                mark in "\n".join(("", *cells)) for mark in ("\n=", "\n'")
            ):
                cells = [unarmoured(cell) for cell in cells]
            yield line, dict(zip(names, cells, strict=False))
        elif any(row):
            yield line, RowProblem("", "wrong_number_of_cells")


def _records(
    data: bytes, encoding: str, delimiter: str
) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(_lines(data, encoding), delimiter=delimiter, strict=True)
    start = 1
    try:
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error:
        opening = next(itertools.islice(_lines(data, encoding), start - 1, None))
        raise Broken(
            "unbalanced_quotes", start, _broken_column(opening, delimiter)
        ) from None


def _broken_column(line: str, delimiter: str) -> int:
    """The column in which the quoting of a line stops making sense."""
    mark = re.escape(delimiter)
    field = re.compile(rf'(?:"(?:[^"]|"")*"|(?!")[^{mark}\r\n]*){mark}')
    column, position = 1, 0
    while match := field.match(line, position):
        column, position = column + 1, match.end()
    return column


def read_ndjson(data: bytes) -> Rows:
    """One flat JSON object a line; numbers keep their digits, null is empty."""
    for number, line in enumerate(_lines(data, _checked(data, ())), start=1):
        if not line.strip():
            continue
        try:
            members = json.loads(
                line,
                object_pairs_hook=_flat,
                parse_int=str,
                parse_float=str,
                parse_constant=_no_number,
            )
            "".join(members.values()).encode()  # a lone surrogate cannot be stored
        except (ValueError, AttributeError, TypeError, RecursionError):
            yield number, RowProblem("", "malformed_json")
        else:
            yield (
                number,
                RowProblem("", "not_allowed_character")
                if "\\u0000" in line
                else members,
            )


def _no_number(_: str) -> str:
    raise ValueError


def _flat(pairs: list[tuple[str, Any]]) -> dict[str, str]:
    plain = {True: "true", False: "false", None: ""}
    members = {
        name: value if isinstance(value, str) else plain[value] for name, value in pairs
    }
    if len(members) != len(pairs):
        raise ValueError
    return members


def read_xlsx(data: bytes, order: Order) -> Rows:
    """The rows of a workbook's first sheet, after its directory has been found harmless."""
    check_workbook(data)
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - after the check, and not to write

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
    """Refuse by the ZIP directory alone what would explode, reach outside or run; then any part with a DTD."""
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
    """A symbolic link, or encrypted."""
    return (entry.external_attr >> 16) & 0o170000 == 0o120000 or bool(
        entry.flag_bits & 1
    )


def _is_inflated(entry: zipfile.ZipInfo) -> bool:
    return (
        entry.file_size > SMALL_ENTRY
        and entry.file_size > HIGHEST_RATIO * entry.compress_size
    )
