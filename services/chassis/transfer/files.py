"""Files of rows as people have them, read with distrust: CSV, NDJSON and XLSX.

Works in a child process, imports little. Complaints never hold what the file says.
"""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any, NamedTuple

LONGEST_LINE = 1_048_576
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
MOST_COLUMNS = 1_000
ROWS_BEFORE_HEADER = 20
DELIMITERS = ";,\t|"
# A spreadsheet runs a cell that begins with one of these (the last four: full width).
DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"

Row = Mapping[str, str]


class RowProblem(NamedTuple):
    """What is wrong with a row: the field (`/name`) and a code, never the value."""

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
    """Text without a spreadsheet's armour: `="007"` → `007`, `'=1` → `=1`."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].replace('""', '"')
    return (
        cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in {*DANGEROUS} else cell
    )


def _name(header: str) -> str:
    return " ".join(unarmoured(header.strip()).casefold().split())


class Place(NamedTuple):
    """Where the header was found: rows to skip, each column's field, cells of a row."""

    skip: int
    columns: list[tuple[str, int]]
    width: int


def find_header(rows: Iterable[Sequence[str]], order: Order) -> Place | Broken:
    """The first row with every required column, else what the likeliest one lacks."""
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
    """UTF-8, or cp1250 if allowed and no UTF-8 beyond ASCII precedes the fault."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if (
            # UTF-16 would pass for cp1250, in which nearly every byte is a letter.
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
    encoding = encoding_of(data, encodings)
    # Only a suspect file is read through line by line.
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
    # From each bound back to the last line end: few looks, however short the lines.
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
    # Under a wrong delimiter quotes need not match: no fault of the file.
    with suppress(csv.Error):
        yield from csv.reader(lines, delimiter=delimiter)


def read_csv(data: bytes, order: Order) -> Rows:
    """The rows of a CSV file; the delimiter is that under which the header is found."""
    # The library's own limit is an eighth of ours.
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
    # The last 0 makes a tuple of a single column, too; `zip` drops it.
    names, pick = (
        [name for name, _ in place.columns],
        itemgetter(*[index for _, index in place.columns], 0),
    )
    # Most files have no armour: one look at the whole spares one at each cell.
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
