"""An import whose process is killed in the middle leaves nothing, and done again takes every row once."""

import asyncio
import os
import sys
import uuid
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from services.chassis.ground.settings import ServiceSettings
from services.chassis.migrating import asyncpg_url
from tests.conftest import settings_of
from tests.screening.screening_imports.made import IMPORTS, row, table
from tests.screening.screenings.made import add_campaign, counts_of
from tests.support.databases import pause

ROWS = 5_000
WAITS = "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'screening.campaign_counts'::regclass AND NOT granted"


async def start_worker(settings: ServiceSettings) -> asyncio.subprocess.Process:
    """A process that works on screening's jobs and nothing else."""
    environment = os.environ | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "CURSOR_KEY": settings.cursor_key.get_secret_value(),
        "OIDC_ISSUER": settings.oidc_issuer,
    }
    root = Path(__file__).parents[3]
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.screening.worker", env=environment, cwd=root
    )


async def until(client: httpx.AsyncClient, job: str, *states: str) -> dict[str, Any]:
    """The job in one of these states."""
    async with asyncio.timeout(100):
        while True:
            found: dict[str, Any] = (await client.get(job)).json()
            if found["state"] in states:
                return found
            await pause()


async def test_a_killed_import_is_done_again_and_takes_every_row_once(
    racing_screening: httpx.AsyncClient, admin_url: str
) -> None:
    client, campaign = racing_screening, await add_campaign(racing_screening)
    content = table(*[row(number) for number in range(1, ROWS + 1)])
    headers = {"content-type": "text/csv", "idempotency-key": str(uuid.uuid4())}
    sent = await client.post(f"{IMPORTS}&campaign_id={campaign}", content=content, headers=headers)
    job = sent.headers["location"]
    admin = await asyncpg.connect(asyncpg_url(admin_url))
    first = await start_worker(settings_of("screening", admin_url))
    try:
        async with admin.transaction(), asyncio.timeout(100):
            # It counts last: whoever waits here has written every row.
            await admin.execute("LOCK TABLE screening.campaign_counts IN SHARE MODE")
            while not await admin.fetchval(WAITS):
                await pause()
            assert (await client.get(job)).json()["state"] == "running"
            first.kill()
            await first.wait()
    finally:
        if first.returncode is None:
            first.kill()
        await admin.close()
    listed = "/v1/screening/screenings?limit=1"
    assert (await client.get(listed, headers={"prefer": "count=exact"})).json()["total"] == 0
    second = await start_worker(settings_of("screening", admin_url))
    try:
        done = await until(client, job, "succeeded", "failed")
    finally:
        second.kill()
        await second.wait()
    assert (done["state"], done["result"]["created"], done["attempts"]) == ("succeeded", ROWS, 2)
    assert (await client.get(listed, headers={"prefer": "count=exact"})).json()["total"] == ROWS
    assert await counts_of(client, campaign) == {"negative": ROWS}
