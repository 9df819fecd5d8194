"""Services that start before there is a database."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from onebox.stack import services_here
from tests.faults.fault import EVERYWHERE, GONE, NO_DATABASE, Fault
from tests.faults.platform import Platform

SECONDS_WITHOUT_A_DATABASE = 15.0
SECONDS_TO_LIVE = 10.0
SILENT = frozenset({"casework"})
"""It answers nothing before it has seen who was erased: it waits, and does not end."""


@asynccontextmanager
async def _started_before_the_database(platform: Platform) -> AsyncIterator[None]:
    """No server starts for a while; services do, live without being ready, and do not end."""
    version = platform.cluster.data / "PG_VERSION"
    away = version.with_name("PG_VERSION.away")
    version.rename(away)
    try:
        before = {service: platform.pid(service) for service in services_here()}
        for program in ("postgres", *before):
            platform.signal(program, signal.SIGKILL)
        async with asyncio.timeout(SECONDS_TO_LIVE):
            for service, pid in before.items():
                while platform.pid(service) == pid or not await _lives(service, platform):
                    await asyncio.sleep(0.05)
        started = {service: platform.pid(service) for service in before}
        await asyncio.sleep(SECONDS_WITHOUT_A_DATABASE)
        for service, pid in started.items():
            assert platform.pid(service) == pid, f"{service} ended while there was no database"
            assert await _lives(service, platform), f"{service} does not live without a database"
            assert not await platform.is_ready(service), f"{service} is ready without a database"
    finally:
        away.rename(version)
    yield


async def _lives(service: str, platform: Platform) -> bool:
    return service in SILENT or await platform.says_yes(service, "/livez")


STARTING = (Fault("started before the database", _started_before_the_database, EVERYWHERE, 1, GONE | NO_DATABASE),)
