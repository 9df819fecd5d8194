"""The rows of an uploaded criterion: a child, and its outcome in another, better assessment."""

from typing import Any

from services.chassis.tabular.cells import CellError, identifier, listed
from services.chassis.transfer.files import Row, RowProblem

STAGING = {"subject_ref": "uuid", "outcome": "text"}
FIELDS = {name: name for name in STAGING}
OUTCOMES = ("positive", "negative", "undetermined")
_READERS = {"subject_ref": identifier, "outcome": listed(*OUTCOMES)}


def parse_criterion_row(row: Row) -> tuple[Any, ...] | list[RowProblem]:
    """A subject and its outcome by the criterion, or the problems of the row."""
    values, problems = [], []
    for name, reader in _READERS.items():
        cell = row.get(name, "").strip()
        try:
            values.append(reader(cell))
        except CellError as error:
            problems.append(RowProblem(f"/{name}", str(error) if cell else "missing"))
    return problems or tuple(values)
