"""Casework, running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from services.casework.access_log import endpoints as access_log
from services.casework.access_withholdings import endpoints as access_withholdings
from services.casework.break_glass import endpoints as break_glass
from services.casework.case_members import endpoints as case_members
from services.casework.case_transitions import endpoints as case_transitions
from services.casework.cases import endpoints as cases
from services.casework.consents import endpoints as consents
from services.casework.data_subject_requests import endpoints as data_subject_requests
from services.casework.disclosures import endpoints as disclosures
from services.casework.events import EVENTS
from services.casework.keys import SealedAnswers, opened
from services.casework.legal_holds import endpoints as legal_holds
from services.casework.pathways import endpoints as pathways
from services.casework.people import endpoints as people
from services.casework.permissions import GRANTS, Permission
from services.casework.person_searches import endpoints as person_searches
from services.casework.plan_approvals import endpoints as plan_approvals
from services.casework.plan_goals import endpoints as plan_goals
from services.casework.plan_recommendations import endpoints as plan_recommendations
from services.casework.plan_reviews import endpoints as plan_reviews
from services.casework.plan_steps import endpoints as plan_steps
from services.casework.plan_versions import endpoints as plan_versions
from services.casework.restoring import restored
from services.casework.retention_rules import endpoints as retention_rules
from services.casework.retention_runs import endpoints as retention_runs
from services.casework.retention_runs.actions import CARRYING_OUT
from services.casework.settings import CaseworkSettings
from services.chassis.app import create_app
from services.chassis.background.jobs import Job

SLICES: tuple[ModuleType, ...] = (
    people,
    person_searches,
    disclosures,
    consents,
    cases,
    case_members,
    case_transitions,
    pathways,
    plan_goals,
    plan_recommendations,
    plan_steps,
    plan_reviews,
    plan_versions,
    plan_approvals,
    access_log,
    access_withholdings,
    break_glass,
    legal_holds,
    data_subject_requests,
    retention_rules,
    retention_runs,
)
JOBS: list[Job] = [CARRYING_OUT]


@asynccontextmanager
async def _running(settings: CaseworkSettings) -> AsyncIterator[None]:
    """The keyring is open while the service runs, and nothing is served before everybody is erased who was."""
    with opened(settings):
        async with restored(settings):
            yield


app = create_app(
    "casework",
    routers=[slice_.router for slice_ in SLICES],
    grants=GRANTS,
    events=EVENTS,
    operate_jobs=Permission.OPERATE_JOBS,
    read_audit=Permission.READ_AUDIT,
    jobs=JOBS,
    settings=CaseworkSettings,
    connected=_running,
    kept_answers=SealedAnswers(),
)
