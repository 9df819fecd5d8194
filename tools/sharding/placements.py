"""Where each table would be, if screening and casework were distributed by county. Data."""

KEY = "county_terc"

# All records of a child belong to one county, where they are worked on.
DISTRIBUTED = {
    "screening": frozenset(
        {
            "campaign_counts",
            "campaign_selections",
            "campaign_subjects",
            "rescoring_decisions",
            "replaced_results",
            "screenings",
            "told_tables",
        }
    ),
    "casework": frozenset(
        {
            "access_withholdings",
            "account_codes",
            "accounts",
            "assessments",
            "attachments",
            "break_glass",
            "case_members",
            "case_steps",
            "case_transfers",
            "cases",
            "chain_steps",
            "consents",
            "data_subject_requests",
            "disclosures",
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
            "place_releases",
            "plan_approvals",
            "plan_goals",
            "plan_recommendations",
            "plan_reviews",
            "plan_steps",
            "plans",
            "referral_steps",
            "referrals",
            "retention_rules",
            "retention_runs",
            "support_events",
            "tombstones",
        }
    ),
}
# Small tables, the same for every county, that are read with the distributed ones: a copy on every node.
REFERENCE = {
    "screening": frozenset(
        {
            "campaign_implementers",
            "campaign_targets",
            "campaigns",
            "instrument_versions",
            "instruments",
            "norm_sets",
            "protocol_versions",
            "protocols",
        }
    ),
    # The children, cases and referrals of an account, which may be in several counties: selected by the account.
    "casework": frozenset({"pathways", "relations"}),
}
# On the coordinator: tables with one order (feed, audit trail), with one queue, or of an account and of no county.
WHOLE = {
    "screening": frozenset(
        {
            "rescorings",
            "studies",
            "study_criteria",
            "study_export_files",
            "study_exports",
            "study_runs",
        }
    ),
    "casework": frozenset({"calendar_entries", "calendar_feeds", "dead_letters", "feed_positions", "feed_receipts"}),
}
CHASSIS = frozenset(
    {
        "audit_leaves",
        "audit_records",
        "audit_seals",
        "events",
        "idempotency_keys",
        "job_files",
        "job_problems",
        "jobs",
        "webhook_deliveries",
        "webhooks",
    }
)
# Services that are not distributed: tens of thousands of institutions, thousands of trainees, and territory, programmes
# and acts that every county reads.
WHOLE_SERVICES = frozenset({"registry", "training"})
