"""A column of an export: its name, its label, and the meanings of its values."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

Meanings = Mapping[Any, str]
"""The meanings of a column's values."""
LONGEST_NAME = 64
# Words of SPSS commands (its Command Syntax Reference, "Variable names").
RESERVED = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
)


class Measure(StrEnum):
    """The level of measurement of a column."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    SCALE = "scale"


class Variable(NamedTuple):
    """A column. `missing` are the values for a missing answer, with the reasons.

    `code` is the code of the item or scale, `keying` how the item counts in scales.
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
        """Whether its values are texts."""
        return any(isinstance(value, str) for value in self.values)


def name_of(code: str) -> str:
    """A code as a name of a variable that statistics programs accept."""
    return code.replace(".", "_").replace("-", "_")


def named_apart(columns: Sequence[Variable]) -> list[Variable]:
    """The columns under names that are distinct for SPSS, which ignores case and reserves words.

    Of several columns with one name the first keeps it; every label has the code.
    """
    # In lower case, because `q1` and `Q1` are the same name for SPSS.
    used_names = set[str]()
    renamed_columns = []
    for column in columns:
        name = f"{column.name}_" if column.name.lower() in RESERVED else column.name
        # PSPP itself renames variables whose names end in a full stop or an underscore.
        name, number = name[:LONGEST_NAME], 1
        while name.lower() in used_names or name.endswith("_"):
            number += 1
            name = f"{column.name[: LONGEST_NAME - 4].rstrip('_')}_{number}"
        used_names.add(name.lower())
        renamed_columns.append(column._replace(name=name))
    return renamed_columns
