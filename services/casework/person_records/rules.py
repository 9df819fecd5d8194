"""Which columns and tables are about a person, and which about others. Pure."""

OWNERS = ("person_id", "child_id")
"""The columns of the person whom a row is about. In `people` it is `id`."""
SEALED = ("sealed", "kept")
"""The columns that are sealed with the person's key."""
_OF_STAFF = {"by", "author", "assessor", "coordinator"}
# By table, because the name may have another meaning elsewhere: the `subject` of a goal
# is the child or the family.
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
"""Tables that are in no copy, with the reason. People from whom a child is protected
must not learn of the protection.
"""
DELETED = ("person_keys", "person_names", "account_codes", "accounts")
"""Tables in which an erasure deletes all rows about the person.

The key is first, so that transactions that use it are waited for.
"""
REFERENCES = {"subject_ref", "screening_id"}
"""Columns that lead to results in other services. No copy connects them with a name,
and an erasure empties them.
"""


def tells_of_staff(table: str, column: str) -> bool:
    """Whether a column names a member of staff,
    and not the person whom the row is about.

    >>> tells_of_staff("consents", "recorded_by"), tells_of_staff("plan_goals", "subject")
    (True, False)
    """
    staff_columns = _OF_STAFF | _OF_STAFF_IN.get(table, set())
    return column in staff_columns or column.endswith("_by")
