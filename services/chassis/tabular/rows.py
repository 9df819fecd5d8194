"""Rows of a file, what is wrong with them, and what was asked for. Imports little."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Row = Mapping[str, str]


class RowProblem(NamedTuple):
    """What is wrong with a row: the field (`/name`) and a code, never the value."""

    pointer: str
    code: str


class Taken(NamedTuple):
    """A row that is stored although some of its cells could not be taken."""

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
    """What is learnt of a file while it is read: its columns by field, and warnings."""

    columns: dict[str, int] = field(default_factory=dict)
    warnings: list[Finding] = field(default_factory=list)

    def warn(self, line: int, code: str, column: int | None, pointer: str = "") -> None:
        self.warnings.append(Finding(line, pointer, code, column, is_warning=True))


class Broken(Exception):
    """The file as a whole cannot be taken: why, and where."""

    def __init__(
        self, reason: str, row: int = 1, column: int = 1, **facts: Any
    ) -> None:
        self.facts = {"reason": reason, "row": row, "column": column, **facts}
        super().__init__(reason)


class Order(NamedTuple):
    """What the parent asks for.

    `fields` leads from headings to fields. `ignored` are headings that are known and not
    taken. A heading that is missing is told with `is_complete`, and with `is_official`
    where another one is not known: it may have been renamed. `judges_unknown`: the rule
    itself says what is wrong with members of JSON that are no fields.
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
