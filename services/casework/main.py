"""Casework, running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from services.casework.access_log import endpoints as access_log
from services.casework.access_withholdings import endpoints as access_withholdings
from services.casework.account_codes import endpoints as account_codes
from services.casework.accounts import endpoints as accounts
from services.casework.assessment_comparisons import (
    endpoints as assessment_comparisons,
)
from services.casework.assessments import endpoints as assessments
from services.casework.attachments import endpoints as attachments
from services.casework.births import endpoints as births
from services.casework.break_glass import endpoints as break_glass
from services.casework.calendar_feeds import endpoints as calendar_feeds
from services.casework.case_batches import endpoints as case_batches
from services.casework.case_counts import endpoints as case_counts
from services.casework.case_members import endpoints as case_members
from services.casework.case_referrals import endpoints as case_referrals
from services.casework.case_transfers import endpoints as case_transfers
from services.casework.case_transitions import endpoints as case_transitions
from services.casework.cases import endpoints as cases
from services.casework.chain_steps import endpoints as chain_steps
from services.casework.consents import endpoints as consents
from services.casework.county_needs import endpoints as county_needs
from services.casework.data_subject_requests import endpoints as data_subject_requests
from services.casework.disclosures import endpoints as disclosures
from services.casework.document_deadlines import endpoints as document_deadlines
from services.casework.documents import endpoints as documents
from services.casework.early_support_hours import endpoints as early_support_hours
from services.casework.events import EVENTS
from services.casework.fhir import endpoints as fhir
from services.casework.guardianships import endpoints as guardianships
from services.casework.headings import HEADINGS
from services.casework.households import endpoints as households
from services.casework.keys import SealedAnswers, opened
from services.casework.legal_holds import endpoints as legal_holds
from services.casework.merges import endpoints as merges
from services.casework.monitoring_reports import endpoints as monitoring_reports
from services.casework.pathways import endpoints as pathways
from services.casework.peers import connected
from services.casework.people import endpoints as people
from services.casework.permissions import GRANTS, Permission
from services.casework.person_copies import endpoints as person_copies
from services.casework.person_searches import endpoints as person_searches
from services.casework.place_releases.actions import give_places_back
from services.casework.plan_approvals import endpoints as plan_approvals
from services.casework.plan_documents import endpoints as plan_documents
from services.casework.plan_documents.drawing import stop_drawing
from services.casework.plan_goals import endpoints as plan_goals
from services.casework.plan_recommendations import endpoints as plan_recommendations
from services.casework.plan_reviews import endpoints as plan_reviews
from services.casework.plan_steps import endpoints as plan_steps
from services.casework.plan_versions import endpoints as plan_versions
from services.casework.referral_intakes.actions import FOLLOWER
from services.casework.referral_transitions import endpoints as referral_transitions
from services.casework.referral_transitions.actions import expire_referrals
from services.casework.referrals import endpoints as referrals
from services.casework.restoring import restored
from services.casework.retention_rules import endpoints as retention_rules
from services.casework.retention_runs import endpoints as retention_runs
from services.casework.retention_runs.actions import CARRYING_OUT
from services.casework.settings import CaseworkSettings
from services.casework.support_counts import endpoints as support_counts
from services.casework.support_event_batches import endpoints as support_event_batches
from services.casework.support_events import endpoints as support_events
from services.casework.task_sources.statements import OVERDUE
from services.casework.tasks import endpoints as tasks
from services.chassis.app import create_app
from services.chassis.background.jobs import Job
from services.chassis.background.rounds import Round
from services.chassis.following.followers import Follower

SLICES: tuple[ModuleType, ...] = (
    people,
    person_searches,
    guardianships,
    accounts,
    account_codes,
    households,
    births,
    merges,
    disclosures,
    consents,
    referrals,
    referral_transitions,
    case_batches,
    # Before `cases`: `counts` would be read as the id of a case.
    case_counts,
    cases,
    case_members,
    case_transitions,
    case_referrals,
    pathways,
    plan_goals,
    plan_recommendations,
    plan_steps,
    plan_reviews,
    plan_versions,
    plan_approvals,
    plan_documents,
    fhir,
    # Before `documents`: `deadlines` would be read as the id of a document.
    document_deadlines,
    documents,
    attachments,
    assessments,
    assessment_comparisons,
    chain_steps,
    case_transfers,
    county_needs,
    tasks,
    calendar_feeds,
    support_event_batches,
    support_counts,
    support_events,
    early_support_hours,
    monitoring_reports,
    access_log,
    access_withholdings,
    break_glass,
    legal_holds,
    data_subject_requests,
    person_copies,
    retention_rules,
    retention_runs,
)
JOBS: list[Job | Follower | Round] = [
    CARRYING_OUT,
    FOLLOWER,
    # Often, because somebody else may be waiting for a place.
    Round("give_places_back", 5.0, give_places_back),
    # Referrals expire by the day, so a delay of some minutes does not matter.
    Round("expire_referrals", 600.0, expire_referrals),
]


@asynccontextmanager
async def _running(settings: CaseworkSettings) -> AsyncIterator[None]:
    """Open the keyring and the connections to the other services
    while the service runs.

    Nothing is served before past erasures are repeated on a restored database. The
    drawing processes end with the service.
    """
    # The keyring first, because `restored` needs it.
    with opened(settings):
        async with restored(settings), connected(settings):
            try:
                yield
            finally:
                await stop_drawing()


app = create_app(
    "casework",
    routers=[slice_.router for slice_ in SLICES],
    grants=GRANTS,
    events=EVENTS,
    operate_jobs=Permission.OPERATE_JOBS,
    read_audit=Permission.READ_AUDIT,
    jobs=[*JOBS, *OVERDUE],
    headings=HEADINGS,
    settings=CaseworkSettings,
    connected=_running,
)
# Without it the chassis would store answers unsealed, with names in them.
app.state.kept_answers = SealedAnswers()
