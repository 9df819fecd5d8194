"""Files of rows as people have them, read without trust: CSV and NDJSON.

Runs in a child process, imports little. Messages never quote the file.
"""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any

from services.chassis.tabular.cells import DANGEROUS as DANGEROUS
from services.chassis.tabular.cells import unarmoured
from services.chassis.tabular.headings import (
    ROWS_BEFORE_HEADER,
    Place,
    checked,
    find_header,
)
from services.chassis.tabular.rows import Broken as Broken
from services.chassis.tabular.rows import Layout
from services.chassis.tabular.rows import Order as Order
from services.chassis.tabular.rows import Row as Row
from services.chassis.tabular.rows import RowProblem as RowProblem
from services.chassis.tabular.rows import Rows as Rows

LONGEST_LINE = 1_048_576
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
DELIMITERS = ";,\t|"
# Programs write it for Excel, which removes it and counts from the line below.
_SEPARATOR = re.compile(r"sep=([;,\t|])\r?\n?", re.IGNORECASE)


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
    # Only a suspect file is read line by line.
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
    # From each bound back to the last line end: few searches, however short the lines.
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
    # Under a wrong delimiter quotes need not match: that is no fault of the file.
    with suppress(csv.Error):
        yield from csv.reader(lines, delimiter=delimiter)


def read_csv(data: bytes, order: Order, layout: Layout | None = None) -> Rows:
    """The rows of a CSV file; its delimiter is the one that yields the header."""
    # The library's own limit is an eighth of ours.
    csv.field_size_limit(LONGEST_LINE)
    encoding = _checked(data, order.encodings)
    delimiter, place, above = _header(data, encoding, order)
    layout = place.merged_into(layout)
    # The last 0 makes a tuple of a single column, too; `zip` drops it.
    names, pick = (
        [name for name, _ in place.columns],
        itemgetter(*[index for _, index in place.columns], 0),
    )
    # Most files have neither: one search in the file saves one in each cell.
    may_be_armoured = b'="' in data or b"'" in data
    may_be_in_error = b"#" in data or b"rr:" in data or "\u0105d:".encode() in data
    for number, row in itertools.islice(
        _records(data, encoding, delimiter, above), place.skip, None
    ):
        if len(row) == place.width:
            cells = pick(row)
            if may_be_armoured and any(
                mark in "\n".join(("", *cells)) for mark in ("\n=", "\n'")
            ):
                cells = [unarmoured(cell) for cell in cells]
            if place.unnamed:
                place.warn_of_unnamed(number, row, layout)
            cells_by_field: Row = dict(zip(names, cells, strict=False))
            yield number, checked(cells_by_field) if may_be_in_error else cells_by_field
        elif any(row):
            yield number, [RowProblem("", "wrong_number_of_cells")]


def _header(data: bytes, encoding: str, order: Order) -> tuple[str, Place, int]:
    """The delimiter, the header under it, and the number of lines above the table."""
    first = [*itertools.islice(_lines(data, encoding), ROWS_BEFORE_HEADER + 2)]
    separator = _SEPARATOR.fullmatch(first[0]) if first else None
    above = 1 if separator else 0
    places = {
        delimiter: find_header(_leniently(first[above:], delimiter), order)
        for delimiter in (separator[1] if separator else DELIMITERS)
    }
    faults = []
    for delimiter, place in places.items():
        if isinstance(place, Place):
            return delimiter, place, above
        faults.append(place)
    raise min(faults, key=lambda fault: len(fault.facts["missing"]))


def _records(
    data: bytes, encoding: str, delimiter: str, above: int
) -> Iterator[tuple[int, Sequence[str]]]:
    """Each record with the number of its row in a spreadsheet."""
    lines = itertools.islice(_lines(data, encoding), above, None)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = above + 1
    try:
        for number, row in enumerate(reader, start=1):
            yield number, row
            start = above + reader.line_num + 1
    except csv.Error:
        # A spreadsheet does not show where quotes end: the file's line number does.
        opening = next(itertools.islice(_lines(data, encoding), start - 1, None))
        raise Broken(
            "unbalanced_quotes", start, _broken_column(opening, delimiter)
        ) from None


def _broken_column(line: str, delimiter: str) -> int:
    """The column in which the quoting of a line is wrong."""
    mark = re.escape(delimiter)
    field = re.compile(rf'(?:"(?:[^"]|"")*"|(?!")[^{mark}\r\n]*){mark}')
    column, position = 1, 0
    while match := field.match(line, position):
        column, position = column + 1, match.end()
    return column


def read_ndjson(data: bytes, order: Order, layout: Layout | None = None) -> Rows:
    """One flat JSON object a line; numbers keep their digits, null is empty.

    Its members have the names of our fields, or of the columns mapped to them.
    """
    layout = Layout() if layout is None else layout
    names = {*order.fields.values(), *order.fields, *order.ignored}
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
            yield number, [RowProblem("", "malformed_json")]
            continue
        if unknown := members.keys() - names:
            for place, name in enumerate(members, start=1):
                if name in unknown and not order.judges_unknown:
                    layout.warn(number, "unknown_column", place)
            names |= unknown
        fields = {order.fields.get(name, name): text for name, text in members.items()}
        if len(fields) != len(members):
            yield number, [RowProblem("", "malformed_json")]
        else:
            yield number, checked(fields)


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
