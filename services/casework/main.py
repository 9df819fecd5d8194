"""Casework, running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from services.casework.case_members import endpoints as case_members
from services.casework.case_transitions import endpoints as case_transitions
from services.casework.cases import endpoints as cases
from services.casework.consents import endpoints as consents
from services.casework.disclosures import endpoints as disclosures
from services.casework.events import EVENTS
from services.casework.keys import SealedAnswers, opened
from services.casework.pathways import endpoints as pathways
from services.casework.peers import connected
from services.casework.people import endpoints as people
from services.casework.permissions import GRANTS, Permission
from services.casework.person_searches import endpoints as person_searches
from services.casework.plan_approvals import endpoints as plan_approvals
from services.casework.plan_goals import endpoints as plan_goals
from services.casework.plan_recommendations import endpoints as plan_recommendations
from services.casework.plan_reviews import endpoints as plan_reviews
from services.casework.plan_steps import endpoints as plan_steps
from services.casework.plan_versions import endpoints as plan_versions
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
)
JOBS: list[Job] = []


@asynccontextmanager
async def _running(settings: CaseworkSettings) -> AsyncIterator[None]:
    """The keyring is open while the service runs, and others can be asked."""
    with opened(settings):
        async with connected(settings):
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
