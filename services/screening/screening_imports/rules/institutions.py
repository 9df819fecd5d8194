"""The institutions that a file names: a separate rule, so that its process loads nothing else."""

from services.chassis.tabular.cells import CellError, identifier
from services.chassis.transfer.files import Row, RowProblem


def institution_of(row: Row) -> tuple[str] | list[RowProblem]:
    """The institution that a row names; [] if it names none or the cell is invalid."""
    cell = (row.get("institution_id") or "").strip()
    try:
        # No problem is reported here: the second reading reports each of them.
        return (identifier(cell),) if cell else []
    except CellError:
        return []
