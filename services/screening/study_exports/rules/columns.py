"""A column of an export: its name, what it is, and what its values mean."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

Meanings = Mapping[Any, str]
"""What the values of a column mean."""
LONGEST_NAME = 64
# Words of SPSS commands (its Command Syntax Reference, "Variable names").
RESERVED = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
)


class Measure(StrEnum):
    """What may be done with the values of a column."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    SCALE = "scale"


class Variable(NamedTuple):
    """A column. `missing`: the values that stand for none, and why there is none.

    `code` is the item's or the scale's own, `keying` how it counts in scales.
    """

    name: str
    label: str
    meanings: Meanings
    values: list[Any]
    measure: Measure = Measure.NOMINAL
    missing: Meanings = {}  # noqa: RUF012 - a default that nobody changes
    code: str = ""
    keying: str = ""

    @property
    def is_text(self) -> bool:
        """Whether its values are words."""
        return any(isinstance(value, str) for value in self.values)


def name_of(code: str) -> str:
    """A code as statistics programs take a name of a variable."""
    return code.replace(".", "_").replace("-", "_")


def named_apart(columns: Sequence[Variable]) -> list[Variable]:
    """The columns under names that SPSS tells apart: it knows no case, and reserves words.

    The first of several keeps the name; the label of each says which code it is of.
    """
    # In lower case: SPSS knows `q1` and `Q1` as one.
    taken = set[str]()
    apart = []
    for column in columns:
        name = f"{column.name}_" if column.name.lower() in RESERVED else column.name
        # PSPP renames what ends in a full stop or an underscore of its own.
        name, number = name[:LONGEST_NAME], 1
        while name.lower() in taken or name.endswith("_"):
            number += 1
            name = f"{column.name[: LONGEST_NAME - 4].rstrip('_')}_{number}"
        taken.add(name.lower())
        apart.append(column._replace(name=name))
    return apart
