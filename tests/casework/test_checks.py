"""A CHECK that a request could break would end as 500: each is refused by name before, or out of a request's reach."""

import re

from sqlalchemy import CheckConstraint

from services.casework.main import SLICES
from services.casework.tables import Table

# How a request that would break it is refused: the field and its code, or the problem.
REFUSED = {
    "access_withholdings.withheld_to": "withheld_to wrong_order",
    "break_glass.reviewed_by": "own-decision",
    "case_transfers.to_county_terc": "case-not-ready: receiving_county",
    "consents.categories": "categories: too_short",
    "consents.valid_to": "valid_to wrong_order",
    "documents.delivered_on": "delivered_on wrong_order",
    "documents.issued_on": "issued_on missing",
    "documents.valid_to": "valid_to wrong_order",
    "guardianships.ends_on": "ends_on wrong_order",
    "guardianships.guardian_id": "guardian_id not_allowed; in a merge merge-blocked",
    "household_members.left_on": "left_on wrong_order",
    "merges.merged_id": "merged_id not_allowed",
    "monitoring_reports.ends_on": "ends_on wrong_order",
    "people.expected_on": "expected_on missing, not_allowed",
    "plan_goals.baseline": "baseline: out of range",
    "plan_goals.weight": "weight: out of range",
    "plan_recommendations.reason": "reason missing, not_allowed",
    "plans.ends_on": "ends_on wrong_order",
    "retention_rules.valid_to": "valid_to wrong_order, in_past",
    "retention_rules.years": "years: out of range",
    "retention_runs.decided_by": "own-decision",
    "support_events.minutes": "minutes: out of range",
}
# Why no request can break it.
OUT_OF_REACH = {
    "audit_seals.grows": "written by the service itself, after it has counted",
    "attachments.content": "emptied by the statement that says who deleted it",
    "attachments.deleted_by": "both are set by one statement",
    "attachments.size": "an empty file has no kind, and is refused as another than it says",
    "cases.closed_on": "set with the state",
    "cases.county_terc": "copied from the person",
    "consents.withdrawn_at": "both are set by one statement",
    "people.birth_month": "the first of the month is computed",
    "people.county_terc": "a county of the caller's",
    "people.merged_into": "the two records of a merge differ",
    "people.pregnancy_ended_on": "a verb of who is expected, after which nobody is born",
    "plan_steps.reason": "set with the state",
    "referrals.person_id": "a referral is about a person, or came with a reference",
    "referrals.support_service_id": "two endpoints make the two directions",
    "support_events.annulled_by": "both are set by one statement",
}


def test_every_check_is_refused_by_name_or_cannot_be_broken() -> None:
    assert SLICES, "with them their tables are known"
    found = {
        f"{table.name}.{str(check.name).removeprefix(f'ck_{table.name}_')}"
        for table in Table.metadata.tables.values()
        for check in table.constraints
        # A code out of a list is an enumeration on the wire.
        if isinstance(check, CheckConstraint) and not re.match(r"\w+ IN \(", str(check.sqltext))
    }
    assert found == REFUSED.keys() | OUT_OF_REACH.keys()
    assert not REFUSED.keys() & OUT_OF_REACH.keys()
