"""A program that ends or stands still at the worst moment of a write."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.faults.fault import GONE, LATE, NO_DATABASE, Fault, behind
from tests.faults.interposing import Mode
from tests.faults.platform import Platform

SECONDS_FOR_A_LOCK = 2.0
SECONDS_IDLE_IN_A_TRANSACTION = 10.0
"""After which the database ends it, as it is set for each service's role."""
SECONDS_BEHIND_IT = 3.0
WAITING_WRITES = """
SELECT count(*) > 0 FROM pg_stat_activity
WHERE usename = 'registry_app' AND wait_event_type = 'Lock' AND state = 'active'
"""
_OPEN_TRANSACTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE usename = 'registry_app' AND state LIKE 'idle in transaction%' AND xact_start < '{moment}'
"""


@asynccontextmanager
async def in_a_write(platform: Platform) -> AsyncIterator[None]:
    """Within the block registry waits in the middle of a transaction, with what it has written so far."""
    async with platform.superuser() as keeper, keeper.transaction():
        await keeper.execute("LOCK TABLE registry.audit_records IN ACCESS EXCLUSIVE MODE")
        # By another connection: inside of a transaction one moment is shown again and again.
        while not (await platform.fetch(WAITING_WRITES))[0][0]:
            await asyncio.sleep(0.02)
        yield


@asynccontextmanager
async def _killed_while_it_writes(platform: Platform) -> AsyncIterator[None]:
    """A service dies inside of a transaction that holds locks; within two seconds nobody holds them any more."""
    async with in_a_write(platform):
        platform.signal("registry", signal.SIGKILL)
    async with asyncio.timeout(SECONDS_FOR_A_LOCK):
        while (await platform.fetch(WAITING_WRITES))[0][0]:
            await asyncio.sleep(0.02)
    yield


@asynccontextmanager
async def _killed_before_its_answer(platform: Platform) -> AsyncIterator[None]:
    """A service dies when its write is committed; the answer reaches nobody."""
    between = platform.between["registry"]
    between.mode = Mode.KEPT
    await between.kept.wait()
    platform.signal("registry", signal.SIGKILL)
    between.mode = Mode.PASS
    between.hang_up()
    yield


@asynccontextmanager
async def _stopped_while_it_writes(platform: Platform) -> AsyncIterator[None]:
    """A service stands still inside of a transaction; the database ends that, and what it held is free."""
    async with in_a_write(platform):
        platform.signal("registry", signal.SIGSTOP)
        [(moment,)] = await platform.fetch("SELECT clock_timestamp()::text")
    question, began = _OPEN_TRANSACTIONS.format(moment=moment), time.monotonic()
    try:
        async with asyncio.timeout(SECONDS_BEHIND_IT):
            while not (await platform.fetch(question))[0][0]:
                await asyncio.sleep(0.02)
        async with asyncio.timeout(SECONDS_IDLE_IN_A_TRANSACTION + SECONDS_BEHIND_IT):
            while (await platform.fetch(question))[0][0]:
                await asyncio.sleep(0.1)
        assert time.monotonic() - began > SECONDS_IDLE_IN_A_TRANSACTION / 2, "nobody held anything"
    finally:
        platform.signal("registry", signal.SIGCONT)
    yield


MOMENTS = (
    Fault("stands still while it writes", _stopped_while_it_writes, behind("registry"), 1, LATE | NO_DATABASE),
    Fault("killed while it writes", _killed_while_it_writes, behind("registry"), 1, GONE | NO_DATABASE),
)
KEPT_ANSWER = Fault("killed before its answer", _killed_before_its_answer, behind("registry"), 1, GONE)
