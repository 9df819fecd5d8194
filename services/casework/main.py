"""Casework, running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from services.casework.case_members import endpoints as case_members
from services.casework.case_referrals import endpoints as case_referrals
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
from services.casework.place_releases.actions import give_places_back
from services.casework.plan_approvals import endpoints as plan_approvals
from services.casework.plan_goals import endpoints as plan_goals
from services.casework.plan_recommendations import endpoints as plan_recommendations
from services.casework.plan_reviews import endpoints as plan_reviews
from services.casework.plan_steps import endpoints as plan_steps
from services.casework.plan_versions import endpoints as plan_versions
from services.casework.referral_intakes.actions import FOLLOWER
from services.casework.referral_transitions import endpoints as referral_transitions
from services.casework.referral_transitions.actions import expire_referrals
from services.casework.referrals import endpoints as referrals
from services.casework.settings import CaseworkSettings
from services.chassis.app import create_app
from services.chassis.background.jobs import Job
from services.chassis.background.rounds import Round
from services.chassis.following.followers import Follower

SLICES: tuple[ModuleType, ...] = (
    people,
    person_searches,
    disclosures,
    consents,
    referrals,
    referral_transitions,
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
)
JOBS: list[Job | Follower | Round] = [
    FOLLOWER,
    Round("give_places_back", 5.0, give_places_back),
    Round("expire_referrals", 600.0, expire_referrals),
]


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
