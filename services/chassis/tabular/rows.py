"""Rows of a file, their problems, and the order of an import. Imports little."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Row = Mapping[str, str]


class RowProblem(NamedTuple):
    """The problem of a row: the field (`/name`) and a code, never the value."""

    pointer: str
    code: str


class Taken(NamedTuple):
    """A row that is stored although some of its cells were left out."""

    values: tuple[Any, ...]
    warnings: list[RowProblem]


class Finding(NamedTuple):
    """A problem, or a warning, of a file: its line, its field, and its column from 1."""

    line: int
    pointer: str
    code: str
    column: int | None = None
    is_warning: bool = False


Rows = Iterator[tuple[int, Row | list[RowProblem]]]
"""Each row by field name, with the number that a spreadsheet shows beside it."""


@dataclass
class Layout:
    """What is known of a file while it is read: its columns by field, and warnings."""

    columns: dict[str, int] = field(default_factory=dict)
    warnings: list[Finding] = field(default_factory=list)

    def warn(self, line: int, code: str, column: int | None, pointer: str = "") -> None:
        self.warnings.append(Finding(line, pointer, code, column, is_warning=True))


class Broken(Exception):
    """The whole file cannot be imported: the reason, and the place."""

    def __init__(
        self, reason: str, row: int = 1, column: int = 1, **facts: Any
    ) -> None:
        self.facts = {"reason": reason, "row": row, "column": column, **facts}
        super().__init__(reason)


class Order(NamedTuple):
    """The order of the parent process to its parser.

    `fields` maps headings to fields. `ignored` are headings that are known and not
    imported. A missing heading is a warning with `is_complete`, and with `is_official`
    if another heading is unknown: it may have been renamed. `judges_unknown`: the rule
    itself reports members of JSON that are no fields.
    """

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
    ignored: list[str] = []  # noqa: RUF012 - a default that nobody changes
    is_complete: bool = False
    is_official: bool = False
    judges_unknown: bool = False
