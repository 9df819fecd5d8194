"""What of a person's rows is whose. Pure."""

OWNERS = ("person_id", "child_id")
"""The columns that say whose a row is; a row of `people` is its own."""
SEALED = ("sealed", "kept")
"""The columns whose content opens with the person's key."""
_OF_STAFF = {"by", "author", "assessor", "coordinator"}
# By table, as the same word means something else elsewhere: the `subject` of a goal is
# the child or the family.
_OF_STAFF_IN = {
    "case_members": {"subject", "display_name", "telephone"},
    "plan_approvals": {"subject"},
    "plan_steps": {"subject"},
    "break_glass": {"subject"},
}
LEFT_OUT = {
    "access_withholdings": "protects somebody",
    "legal_holds": "protects somebody",
    "person_keys": "a key",
    "person_names": "digests of the name",
}
"""Tables that are in no copy, with why:
what protects a child is not told to whoever it is protected from.
"""
DELETED = ("person_keys", "person_names", "account_codes", "accounts")
"""Tables of which no row of somebody who is erased stays.

The key goes first: whoever uses it is waited for.
"""
REFERENCES = {"subject_ref", "screening_id"}
"""Columns that lead to results elsewhere: no copy joins them with a name, and an erasure empties them."""


def tells_of_staff(table: str, column: str) -> bool:
    """Whether a column names somebody who worked on it,
    and not the person whose row it is.

    >>> tells_of_staff("consents", "recorded_by"), tells_of_staff("plan_goals", "subject")
    (True, False)
    """
    named = _OF_STAFF | _OF_STAFF_IN.get(table, set())
    return column in named or column.endswith("_by")
