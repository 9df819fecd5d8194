"""The rows of an uploaded criterion: a child, and what another, better assessment says of it."""

import re
from typing import Any

from services.chassis.transfer.files import Row, RowProblem

STAGING = {"subject_ref": "uuid", "outcome": "text"}
FIELDS = {name: name for name in STAGING}
OUTCOMES = ("positive", "negative", "undetermined")
_REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def parse_criterion_row(row: Row) -> tuple[Any, ...] | list[RowProblem]:
    """A subject and what the criterion says of it, or what is wrong with the row."""
    reference = row.get("subject_ref", "").strip()
    outcome = row.get("outcome", "").strip()
    problems = []
    if not _REFERENCE.fullmatch(reference):
        code = "wrong_format" if reference else "missing"
        problems.append(RowProblem("/subject_ref", code))
    if outcome not in OUTCOMES:
        code = "not_listed" if outcome else "missing"
        problems.append(RowProblem("/outcome", code))
    return problems or (reference, outcome)
