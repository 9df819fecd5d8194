"""Every endpoint of casework × every role and scope × own county, another, a relation to it, and anonymous."""

from types import ModuleType

import httpx
import pytest

from tests.casework.access_log import asks as access_log
from tests.casework.access_withholdings import asks as access_withholdings
from tests.casework.account_codes import asks as account_codes
from tests.casework.accounts import asks as accounts
from tests.casework.assessment_comparisons import asks as assessment_comparisons
from tests.casework.assessments import asks as assessments
from tests.casework.attachments import asks as attachments
from tests.casework.births import asks as births
from tests.casework.break_glass import asks as break_glass
from tests.casework.calendar_feeds import asks as calendar_feeds
from tests.casework.case_batches import asks as case_batches
from tests.casework.case_members import asks as case_members
from tests.casework.case_referrals import asks as case_referrals
from tests.casework.case_transfers import asks as case_transfers
from tests.casework.case_transitions import asks as case_transitions
from tests.casework.cases import asks as cases
from tests.casework.chain_steps import asks as chain_steps
from tests.casework.consents import asks as consents
from tests.casework.data_subject_requests import asks as data_subject_requests
from tests.casework.document_deadlines import asks as document_deadlines
from tests.casework.documents import asks as documents
from tests.casework.fhir import asks as fhir
from tests.casework.guardianships import asks as guardianships
from tests.casework.households import asks as households
from tests.casework.legal_holds import asks as legal_holds
from tests.casework.merges import asks as merges
from tests.casework.monitoring_reports import asks as monitoring_reports
from tests.casework.people import asks as people
from tests.casework.person_searches import asks as person_searches
from tests.casework.plan_versions import asks as plan_versions
from tests.casework.referrals import asks as referrals
from tests.casework.retention_rules import asks as retention_rules
from tests.casework.retention_runs import asks as retention_runs
from tests.casework.support_events import asks as support_events
from tests.casework.tasks import asks as tasks
from tests.support.matrix import Matrix

SLICES: tuple[ModuleType, ...] = (
    people,
    person_searches,
    guardianships,
    accounts,
    account_codes,
    households,
    births,
    merges,
    consents,
    referrals,
    cases,
    case_batches,
    case_members,
    case_transitions,
    case_referrals,
    plan_versions,
    fhir,
    document_deadlines,
    documents,
    attachments,
    assessments,
    assessment_comparisons,
    chain_steps,
    case_transfers,
    tasks,
    calendar_feeds,
    support_events,
    monitoring_reports,
    access_log,
    access_withholdings,
    break_glass,
    legal_holds,
    data_subject_requests,
    retention_rules,
    retention_runs,
)
"""Each has ASKS, and `prepare` when its requests are about more than the id of an institution."""

MATRIX = Matrix("casework", SLICES, public=frozenset({"get_calendar", "get_casework_capabilities"}))


def test_every_endpoint_has_a_request_here() -> None:
    assert {*MATRIX.requests} == {*MATRIX.endpoints}


@pytest.mark.parametrize("part", MATRIX.parts)
async def test_everybody_may_do_what_the_rules_say_and_nothing_else(casework: httpx.AsyncClient, part: str) -> None:
    assert await MATRIX.contradictions(casework, part) == {}
