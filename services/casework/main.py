"""Casework, running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from services.casework.account_codes import endpoints as account_codes
from services.casework.accounts import endpoints as accounts
from services.casework.births import endpoints as births
from services.casework.events import EVENTS
from services.casework.guardianships import endpoints as guardianships
from services.casework.households import endpoints as households
from services.casework.keys import SealedAnswers, opened
from services.casework.merges import endpoints as merges
from services.casework.people import endpoints as people
from services.casework.permissions import GRANTS, Permission
from services.casework.person_searches import endpoints as person_searches
from services.casework.settings import CaseworkSettings
from services.chassis.app import create_app
from services.chassis.background.jobs import Job

SLICES: tuple[ModuleType, ...] = (
    people,
    person_searches,
    guardianships,
    accounts,
    account_codes,
    households,
    births,
    merges,
)
JOBS: list[Job] = []


@asynccontextmanager
async def _running(settings: CaseworkSettings) -> AsyncIterator[None]:
    """The keyring is open while the service runs."""
    with opened(settings):
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
