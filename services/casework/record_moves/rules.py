"""Which records move with a child to another county, and which stay. Pure."""

from collections.abc import Mapping

ABOUT: Mapping[str, str] = {
    "people": "id",
    "cases": "person_id",
    "case_members": "person_id",
    "case_steps": "person_id",
    "chain_steps": "person_id",
    "plans": "person_id",
    "plan_goals": "person_id",
    "plan_recommendations": "person_id",
    "plan_steps": "person_id",
    "plan_reviews": "person_id",
    "plan_approvals": "person_id",
    "referrals": "person_id",
    "referral_steps": "person_id",
    "documents": "person_id",
    "attachments": "person_id",
    "assessments": "person_id",
    "support_events": "person_id",
    "disclosures": "person_id",
    "consents": "person_id",
    "guardianships": "child_id",
    "household_members": "person_id",
    "accounts": "person_id",
    "account_codes": "person_id",
    # By the kept record, which includes the other one.
    "merges": "kept_id",
    "break_glass": "person_id",
    "data_subject_requests": "person_id",
    "legal_holds": "person_id",
    "access_withholdings": "person_id",
    "person_names": "person_id",
    "person_keys": "person_id",
}
"""By table, the column of the person whom a row is about. All of these rows move. The
order is that of locking, as in other changes: the person before the case, and the case
before its parts.
"""

STAYS: Mapping[str, str] = {
    "audit_records": "who did what in which county is never changed",
    "events": "what followers have received is never changed",
    "relations": "begin and end with what they lead to",
    "households": "of several people: they move when all of them do",
    "case_transfers": "the old county's own record of the transfer",
    "monitoring_reports": "counts of a county",
    "place_releases": "places that a county still owes back",
    "retention_rules": "a county's rules",
    "retention_runs": "a county's work",
    "tombstones": "digests, which name nobody",
}
"""Tables of a county whose rows do not move with a child, with the reason."""

NAMED: Mapping[str, tuple[str, ...]] = {
    "people": ("mother_id",),
    "guardianships": ("guardian_id",),
    "consents": ("given_by_id",),
    "plan_approvals": ("approver_id",),
    "data_subject_requests": ("requested_by_id",),
}
"""Columns of a child's rows that refer to family members."""

KEPT = (
    "people",
    "guardianships",
    "cases",
    "case_members",
    "case_steps",
    "chain_steps",
    "plans",
    "plan_goals",
    "plan_recommendations",
    "plan_steps",
    "plan_reviews",
    "plan_approvals",
    "assessments",
    "documents",
    "attachments",
    "consents",
    "disclosures",
    "referrals",
    "referral_steps",
    "support_events",
)
"""Tables of which the old county keeps a copy: what it did for the child,
and the legal bases.

Files are not copied.
"""

NOT_KEPT = frozenset({"sealed", "content", "number_index", "pesel_index"})
"""Columns that the copy does not contain; sealed texts are stored opened instead."""
