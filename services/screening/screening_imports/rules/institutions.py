"""Which institutions a file names: a rule of its own, whose process loads nothing else."""

from services.chassis.tabular.cells import CellError, identifier
from services.chassis.transfer.files import Row, RowProblem


def institution_of(row: Row) -> tuple[str] | list[RowProblem]:
    """The institution that a row names; nothing where it names none or cannot be read."""
    cell = (row.get("institution_id") or "").strip()
    try:
        # No problem is reported here: the reading that counts reports each.
        return (identifier(cell),) if cell else []
    except CellError:
        return []
