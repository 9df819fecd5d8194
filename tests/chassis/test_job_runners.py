"""What runs jobs: it is stopped, killed, cut off and competed with, and every job is done once."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from services.chassis.ground.settings import ServiceSettings
from tests.chassis import depot
from tests.chassis.conftest import GATE, Admin, ask, finished, until
from tests.chassis.counting_jobs import count, working

WAITERS = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND objid = $1 AND NOT granted AND datname = current_database()
"""


WAITING = f"SELECT ({WAITERS}) > 0"
BREAK = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'depot_app' AND datname = current_database()
"""


DEAF = """
WITH unheard AS (UPDATE pgqueuer SET heartbeat = '-infinity')
SELECT count(*) > 0 FROM pgqueuer_log WHERE traceback IS NOT NULL
"""


GONE = f"SELECT ({WAITERS}) = 0"


async def test_a_cancelled_job_stops_and_leaves_nothing(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    location = await count(depot_client, "wait")
    await until(admin, "SELECT count(*) > 0 FROM jobs WHERE progress_done = 1")
    assert (await depot_client.post(f"{location}/cancel")).json()["state"] == "cancelled"
    await until(admin, "SELECT count(*) = 0 FROM pgqueuer")
    job = (await depot_client.get(location)).json()
    assert (job["state"], job["attempts"]) == ("cancelled", 1)
    assert await admin.fetchval("SELECT count(*) FROM goods") == 0


async def test_a_cancellation_wins_over_a_job_about_to_end(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    async with gate(admin):
        location = await count(depot_client, "gate")
        await until(admin, WAITING, GATE)
        await depot_client.post(f"{location}/cancel")
    await until(admin, "SELECT count(*) = 0 FROM pgqueuer")
    assert (await depot_client.get(location)).json()["state"] == "cancelled"
    assert await admin.fetchval("SELECT count(*) FROM goods") == 0


async def test_a_stopping_runner_gives_its_job_back(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    async with gate(admin):
        async with working(depot.app.state.database):
            location = await count(idle_depot, "gate")
            await until(admin, WAITING, GATE)
        job = (await idle_depot.get(location)).json()
        assert (job["state"], job["attempts"]) == ("queued", 0)
    async with working(depot.app.state.database):
        job = await finished(idle_depot, location)
    assert (job["state"], job["attempts"]) == ("succeeded", 1)
    assert await admin.fetchval("SELECT count(*) FROM goods") == 1


async def test_a_job_is_tried_again_when_its_connection_breaks(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    async with gate(admin):
        location = await count(depot_client, "gate")
        await until(admin, WAITING, GATE)
        await admin.execute(BREAK)
    job = await finished(depot_client, location)
    assert (job["state"], job["attempts"]) == ("succeeded", 2)
    assert [row["code"] for row in await admin.fetch("SELECT code FROM goods")] == ["run2"]


async def test_a_job_is_never_done_by_two_at_once(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    """Another runner takes over a job that looks dead while it is alive: it waits, and finds it done."""
    async with gate(admin), working(depot.app.state.database):
        location = await count(idle_depot, "gate")
        await until(admin, WAITING, GATE)
        async with working(depot.app.state.database):
            await until(admin, DEAF)
            await admin.execute("SELECT pg_advisory_unlock($1)", GATE)
            job = await finished(idle_depot, location)
            await until(admin, "SELECT count(*) = 0 FROM pgqueuer")
        await admin.execute("SELECT pg_advisory_lock($1)", GATE)
    assert (job["state"], job["attempts"]) == ("succeeded", 1)


async def test_an_import_killed_half_way_is_done_once_after_the_restart(
    idle_depot: httpx.AsyncClient, admin: Admin, depot_settings: ServiceSettings
) -> None:
    file = "Code;Name\n" + "".join(f"A{number};Anvil\n" for number in range(3_000))
    async with gate(admin):
        worker = await start_worker(depot_settings)
        location = await ask(idle_depot, file, gate="true")
        await until(admin, WAITING, GATE)
        worker.send_signal(signal.SIGKILL)
        assert await worker.wait() == -signal.SIGKILL
        await until(admin, GONE, GATE)
    assert await admin.fetchval("SELECT count(*) FROM goods") == 0
    assert (await idle_depot.get(location)).json()["state"] == "running"
    worker = await start_worker(depot_settings)
    job = await finished(idle_depot, location)
    worker.terminate()
    await worker.wait()
    assert (job["state"], job["attempts"], job["result"]["created"]) == ("succeeded", 2, 3_000)
    assert await admin.fetchval("SELECT count(*) FROM goods") == 3_000
    assert await admin.fetchval("SELECT count(*) FROM job_files") == 0


async def test_a_job_that_kills_its_runner_every_time_is_given_up(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    location = await count(idle_depot)
    await admin.execute("UPDATE jobs SET state = 'running', attempts = 2")
    async with working(depot.app.state.database):
        job = await finished(idle_depot, location)
    assert (job["state"], job["problem"]["code"]) == ("failed", "job_abandoned")


@asynccontextmanager
async def gate(admin: Admin) -> AsyncIterator[None]:
    """While it is shut, jobs that come to it wait."""
    await admin.execute("SELECT pg_advisory_lock($1)", GATE)
    try:
        yield
    finally:
        await admin.execute("SELECT pg_advisory_unlock($1)", GATE)


async def start_worker(settings: ServiceSettings) -> asyncio.subprocess.Process:
    """A process that works on the depot's jobs and nothing else."""
    environment = os.environ | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "CURSOR_KEY": settings.cursor_key.get_secret_value(),
        "OIDC_ISSUER": settings.oidc_issuer,
    }
    root = Path(__file__).parents[2]
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.chassis.worker", env=environment, cwd=root)
