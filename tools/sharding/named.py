"""Statements that cross shards on purpose or for now, each kind with its reason: data, and its lookup."""

from collections.abc import Mapping

from tools.sharding.judging import Reach, Verdict
from tools.sharding.placements import DISTRIBUTED

WITHIN = "it is sent to the shards of the counties that it names"
BY_ID = (
    "addresses have an id and no county: the county would have to stand in the address, or a small reference table"
    " would lead from an id to its county"
)
_LISTED = "who reads every county lists them all"
_KEPT = "what keeps records from being erased is looked for by the child"
_DUE = "what is due for somebody is of every case that they work for"
_FOUND = "who became part of whose record, and who is looked for by number or name, may be of another county"
# Tables of statements that go to every county; all tables of such a statement have to be here.
EVERY_COUNTY: dict[str, Mapping[str, str]] = {
    "screening": {"screenings": "another screening of the same child may be of another county"},
    "casework": {
        "break_glass": _DUE,
        "case_steps": _DUE,
        "consents": _LISTED,
        "documents": _LISTED,
        "merges": _DUE,
        "plan_approvals": _DUE,
        "plan_recommendations": _DUE,
        "plan_steps": _DUE,
        "account_codes": "a code is read before anybody knows of which county it is",
        "case_transfers": _LISTED,
        "cases": "cases of a year are numbered on, and counted for who reads no single one",
        "data_subject_requests": "whose record became part of whose is followed from a request",
        "guardianships": _KEPT,
        "households": _LISTED,
        "legal_holds": _KEPT,
        "retention_rules": _KEPT,
        "household_members": "who of a household still lives there is asked by the household",
        "monitoring_reports": _LISTED,
        "people": _FOUND,
        "person_keys": _FOUND,
        "person_names": _FOUND,
        "plan_reviews": "reviews are counted for who reads no single one",
        "plans": _LISTED,
        "referrals": _LISTED,
        "support_events": "who was present gets the name of the record that two became",
    },
}
# Tables of statements that join by an id of one child, where `AND county_terc = …` would have to be added to each join.
# All tables of such a statement have to be here; when a statement is rewritten, its tables are removed here.
JOINED_BY_ID: dict[str, frozenset[str]] = {
    "screening": frozenset(
        {"campaign_counts", "campaign_subjects", "replaced_results", "rescoring_decisions", "screenings"}
    ),
    "casework": frozenset(
        {
            "assessments",
            "break_glass",
            "case_steps",
            "case_transfers",
            "cases",
            "consents",
            "data_subject_requests",
            "documents",
            "guardianships",
            "household_members",
            "households",
            "legal_holds",
            "merges",
            "monitoring_reports",
            "people",
            "person_keys",
            "person_names",
            "plan_approvals",
            "plan_goals",
            "plan_recommendations",
            "plan_reviews",
            "plan_steps",
            "plans",
            "referrals",
            "retention_rules",
            "support_events",
        }
    ),
}
# The records of a child that moves move with it (`record_moves`): its rows would be inserted in one shard and deleted
# in the other.
MOVED: dict[str, frozenset[str]] = {"screening": frozenset(), "casework": DISTRIBUTED["casework"]}


def reason_for(service: str, verdict: Verdict | None) -> str | None:
    """The reason why a statement may stay as it is; None where there is none."""
    if verdict is None:
        return None
    tables = set(verdict.tables)
    if verdict.joined_apart and not tables <= JOINED_BY_ID[service]:
        return None
    if verdict.moves and not tables <= MOVED[service]:
        return None
    if verdict.reach is not Reach.EVERY_SHARD:
        return BY_ID if verdict.reach is Reach.BY_ID else WITHIN
    reasons = [EVERY_COUNTY[service].get(table) for table in sorted(tables)]
    return None if None in reasons else reasons[0]
