"""Criteria that come from outside: what another, better way of telling says of whom."""

import re
from typing import Any

from services.chassis.files import Row, RowProblem

STAGING = {"subject_ref": "uuid", "outcome": "text"}
FIELDS = {"subject_ref": "subject_ref", "outcome": "outcome"}
OUTCOMES = ("positive", "negative", "undetermined")
_REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def parse_criterion_row(row: Row) -> tuple[Any, ...] | list[RowProblem]:
    """A subject and what the criterion says of it."""
    reference, outcome = (
        row.get("subject_ref", "").strip(),
        row.get("outcome", "").strip(),
    )
    found = []
    if not _REFERENCE.fullmatch(reference):
        found.append(
            RowProblem("/subject_ref", "wrong_format" if reference else "missing")
        )
    if outcome not in OUTCOMES:
        found.append(RowProblem("/outcome", "not_listed" if outcome else "missing"))
    return found or (reference, outcome)
