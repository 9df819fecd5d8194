"""Whatever a refusal of casework names as missing has words."""

from services.casework.assessments.rules.life import AssessmentNeed
from services.casework.cases.rules import Need
from services.casework.monitoring_reports.rules.life import ReportNeed
from services.casework.plans.rules.life import PlanNeed
from services.casework.reads import Category
from tests.support.missing_words import Codes, assert_all_named

CODES: Codes = {
    "assessments/actions.py": [*AssessmentNeed],
    "case_batches/actions.py": [*AssessmentNeed, *PlanNeed, *Need],
    "case_members/actions.py": [*Need],
    "case_transfers/actions.py": [*Need, "no_open_referrals"],
    "case_transitions/actions.py": [*Need, "no_open_referrals"],
    "chain_steps/actions.py": ["wokro_track"],
    "consents/queries.py": [*Category],
    "monitoring_reports/actions.py": [*ReportNeed],
    "plan_versions/actions.py": [*PlanNeed],
    "referral_transitions/actions.py": ["person_id"],
    # `month_error` knows no other code.
    "support_events/actions.py": ["organiser", "running_body_consent"],
}


def test_whatever_is_missing_is_named_in_words() -> None:
    assert_all_named("casework", CODES)
