"""An instance of the demo, and the services that trust it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx

from onebox.access import TokenRequest, mint_for
from onebox.instance import Instance, announce, held, instance_in
from onebox.tokens import published_keys, read_keys
from services.chassis.background.jobs import Job
from services.chassis.background.queue import JobRunner
from services.chassis.data.database import Database
from services.chassis.trust.issuers import TokenVerifier
from tests.conftest import thrown_away
from tests.support.records import app_of
from tests.support.services import app_called, module_of

URL = "http://127.0.0.1:8123"
COUNTIES = ("2469", "2408", "2414")


@contextmanager
def announced(folder: Path) -> Iterator[Instance]:
    """An instance that is held and has an address."""
    instance = instance_in(folder)
    with held(instance):
        announce(instance, URL)
        yield instance


@asynccontextmanager
async def trusting(instance: Instance, service: str, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The service, trusting this instance's issuer and working on its jobs."""
    app, keys = app_of(client), published_keys(read_keys(instance.issuer_key))

    async def own_keys() -> dict[str, Any]:
        return dict(keys)

    app.state.verifier = TokenVerifier(f"{URL}/issuer", "splot", own_keys)
    jobs = [job for job in module_of(service, "main").JOBS if isinstance(job, Job)]
    runner = JobRunner(app.state.database, jobs)
    running = asyncio.create_task(runner.run())
    yield client
    await runner.stop()
    await running


def called(instance: Instance, role: str, *counties: str) -> dict[str, str]:
    """The headers of a demo caller, in further counties where these are named."""
    return {"authorization": f"Bearer {mint_for(instance, TokenRequest((role,), counties=counties or None))}"}


@asynccontextmanager
async def undone(service: str, admin_url: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The service with the demo in it, in a transaction that is thrown away."""
    state = app_called(service).state
    kept = state.settings, state.database, state.verifier
    try:
        async with thrown_away(service, admin_url, database) as client:
            yield client
    finally:
        state.settings, state.database, state.verifier = kept
