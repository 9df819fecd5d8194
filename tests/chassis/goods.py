"""The rule for rows of goods files: pure, as the parser process wants it."""

from typing import Any

from services.chassis.transfer.files import Row, RowProblem


def judge(row: Row) -> tuple[Any, ...] | list[RowProblem]:
    """The row of a goods file."""
    code = row.get("code", "")
    if not code.isalnum():
        return [RowProblem("/code", "wrong_format")]
    pieces = row.get("pieces", "")
    if pieces and not pieces.isdigit():
        return [RowProblem("/pieces", "wrong_type")]
    if code == "BUG":
        raise ValueError(row["name"])
    return code, row.get("name", ""), row.get("note") or None, int(pieces) if pieces else None
