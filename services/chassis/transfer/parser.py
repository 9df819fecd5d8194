"""A file → COPY data: the program that parses, limited, which imports little and ends.

It gets the order as a JSON line, then the file, and answers in frames: a letter, a
length in four bytes, a payload (`parsing` reads them).
"""

import gc
import importlib
import itertools
import json
import os
import re
import resource
import struct
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from services.chassis.tabular.rows import Finding, Layout, Taken
from services.chassis.transfer.files import (
    Broken,
    Order,
    Row,
    RowProblem,
    Rows,
    read_csv,
    read_ndjson,
)

COPY_CHUNK = 262_144
# One character, so that it can be counted; in values it is escaped.
NULL = "\x01"
ROWS_BETWEEN_REPORTS = 1_000
NICENESS = 5  # answering comes before parsing
_PLAIN = {int, float, bool}
_ESCAPES = str.maketrans(
    {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", NULL: r"\x01"}
)

# The values to store, or problems. A rule is at the top of a module, where another
# process finds it; or a function there makes it of a context. `many` judges several.
Judged = tuple[Any, ...] | Taken | list[RowProblem]
RowRule = Callable[[Row], Judged]


def copy_text(value: Any) -> str:
    """One value in COPY text format; a list is an array, a dict is JSON."""
    if type(value) in _PLAIN:
        return str(value)
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if value is None:
        return NULL
    if isinstance(value, dict):
        return copy_text(json.dumps(value, ensure_ascii=False))
    if isinstance(value, list | tuple):
        return copy_text(
            "{"
            + ",".join(
                '"' + re.sub(r'(["\\])', r"\\\1", str(item)) + '"' for item in value
            )
            + "}"
        )
    return str(value)


def copy_line(values: Sequence[Any]) -> str:
    """One row in COPY text format."""
    cells = [
        NULL if value is None else value if isinstance(value, str) else copy_text(value)
        for value in values
    ]
    # Joined first: one test of the whole shows that nothing needs escaping.
    text = "\t".join(cells)
    plain = text.count("\t") == len(cells) - 1 and text.count(NULL) == values.count(
        None
    )
    if not plain or "\\" in text or "\n" in text or "\r" in text:
        text = "\t".join([copy_text(value) for value in values])
    return text + "\n"


class Parser:
    """Turns the rows of one file into frames."""

    def __init__(self, order: Order, out: BinaryIO) -> None:
        self.order, self.out = order, out
        module, _, name = order.rule.partition(":")
        rule: Any = getattr(importlib.import_module(module), name)
        rule = rule if order.context is None else rule(order.context)
        self.judge: Callable[[Sequence[Row]], Any] = getattr(rule, "many", None) or (
            lambda rows: [rule(row) for row in rows]
        )
        self.rows = self.rejected = self.copied = 0
        self.unique_values: dict[str, set[Any]] = {name: set() for name in order.unique}
        self.copy: list[str] = []
        self.problems: list[Finding] = []
        self.layout = Layout()

    def send(self, kind: bytes, payload: bytes) -> None:
        self.out.write(kind + struct.pack(">I", len(payload)) + payload)

    def run(self, data: bytes) -> None:
        self.send(b"T", b"%d" % data.count(b"\n"))
        rows = self.read(data)
        while some := [*itertools.islice(rows, ROWS_BETWEEN_REPORTS)]:
            if (left := self.order.most_rows - self.rows) < len(some):
                raise Broken("too_many_rows", some[left][0])
            self.rows += len(some)
            judgements = iter(
                self.judge([row for _, row in some if not isinstance(row, list)])
            )
            for line, row in some:
                self.take(line, row if isinstance(row, list) else next(judgements))
                if self.copied > COPY_CHUNK:
                    self.flush()
            self.flush()
        # A file without rows has columns, too.
        self.flush()
        self.send(b"E", json.dumps([self.rows, self.rejected]).encode())

    def read(self, data: bytes) -> Rows:
        # Imported here: only this process loads the library for workbooks.
        from services.chassis.tabular.workbooks import read_xlsx  # noqa: PLC0415

        read = {"csv": read_csv, "xlsx": read_xlsx}.get(self.order.format, read_ndjson)
        return read(data, self.order, self.layout)

    def take(self, line: int, values: Judged) -> None:
        if isinstance(values, Taken):
            self.problems += [
                Finding(line, *warning, is_warning=True) for warning in values.warnings
            ]
            values = values.values
        if isinstance(values, tuple):
            values = self.repetitions(values) or values
        if isinstance(values, list):
            self.rejected += 1
            self.problems += [Finding(line, *problem) for problem in values]
            return
        text = copy_line((line, *values))
        self.copy.append(text)
        self.copied += len(text)

    def repetitions(self, values: tuple[Any, ...]) -> list[RowProblem]:
        """A problem for each column in which the row repeats a unique value."""
        problems = []
        for name, (index, *within) in self.order.unique.items():
            # An empty cell repeats nothing.
            value = (
                (values[index], *[values[other] for other in within])
                if within
                else values[index]
            )
            if value in self.unique_values[name] and values[index] is not None:
                problems.append(RowProblem(f"/{name}", "repeated_in_file"))
            self.unique_values[name].add(value)
        return problems

    def flush(self) -> None:
        if self.copy:
            self.send(b"C", "".join(self.copy).encode())
        if self.layout.columns:
            self.send(b"H", json.dumps(self.layout.columns).encode())
            self.layout.columns = {}
        if findings := [*self.layout.warnings, *self.problems]:
            self.send(b"P", json.dumps(findings).encode())
        self.send(b"N", b"%d" % self.rows)
        self.out.flush()
        self.copy, self.copied, self.problems = [], 0, []
        self.layout.warnings.clear()


def parse() -> None:
    """Carry out one order. A broken file ends in frame F, a fault of ours in frame X.

    The module of its rule, named by the argument, is imported while the order is made.
    """
    gc.disable()  # nothing here is cyclic, and the process is short
    importlib.import_module(sys.argv[1])
    stdin, out = sys.stdin.buffer, sys.stdout.buffer
    order = Order(**json.loads(stdin.readline()))
    # Before the file is read: no part of it is handled without limits.
    resource.setrlimit(resource.RLIMIT_CPU, (order.seconds, order.seconds))
    resource.setrlimit(resource.RLIMIT_AS, (order.memory, order.memory))
    # A dump would leave the file on a disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)
    parser = Parser(order, out)
    data = stdin.read(order.size)
    if len(data) < order.size:
        return  # the parent is gone
    try:
        parser.run(data)
    except Broken as broken:
        parser.send(b"F", json.dumps(broken.facts).encode())
    except MemoryError:
        parser.send(b"F", json.dumps(Broken("too_large").facts).encode())
    except Exception as error:  # noqa: BLE001
        # Without its message, which may quote the row.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        parser.send(
            b"X", f"{type(error).__qualname__} in {frame.name}:{frame.lineno}".encode()
        )
    out.flush()


if __name__ == "__main__":
    parse()
