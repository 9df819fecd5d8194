"""Very many clients at once: what is still done for them when there are more than can be served."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from statistics import median

from tests.faults.fault import BUSY, EVERYWHERE, GONE, Fault
from tests.faults.platform import REPOSITORY, Platform
from tests.faults.routes import WRITER

FEW, HERD, LARGE_HERD = 32, 300, 500
SECONDS_MEASURED = 6
LEAST_OF_THE_PEAK = 0.8
"""Of what is done for few clients, this much has to be done each second for very many."""


@asynccontextmanager
async def herding(platform: Platform, number: int) -> AsyncIterator[list[int]]:
    """So many clients at once, each with a connection of its own, calling again and again.

    Behind the block the list holds how many calls succeeded in each second.
    """
    url = f"{platform.url}/v1/registry/institutions?limit=20"
    herd = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.herd", url, str(number)),
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert herd.stdin is not None
    succeeded: list[int] = []
    try:
        herd.stdin.write(platform.headers(WRITER)["Authorization"].encode() + b"\n")
        await herd.stdin.drain()
        yield succeeded
    finally:
        herd.stdin.close()
        assert herd.stdout is not None
        succeeded += json.loads(await herd.stdout.read() or "[]")
        await herd.wait()


@asynccontextmanager
async def _herded(number: int, platform: Platform) -> AsyncIterator[None]:
    async with herding(platform, number):
        yield


@asynccontextmanager
async def _coming_back(platform: Platform) -> AsyncIterator[None]:
    """A service is killed while five hundred clients call: what is done for them when it is back."""
    async with herding(platform, FEW) as few:
        await asyncio.sleep(SECONDS_MEASURED)
    async with herding(platform, LARGE_HERD) as many:
        await asyncio.sleep(1)
        before = platform.pid("registry")
        platform.signal("registry", signal.SIGKILL)
        while platform.pid("registry") == before or not await platform.is_ready("registry"):
            await asyncio.sleep(0.05)
        await asyncio.sleep(SECONDS_MEASURED)
    # The last seconds: in the first ones connections are made, and a service starts.
    peak, done = median(few[1:]), median(many[-SECONDS_MEASURED + 1 :])
    platform.told.append(
        f"{LARGE_HERD} clients after a kill: {done:.0f} a second succeed, {FEW} before it: {peak:.0f},"
        f" ratio {done / peak:.2f} (bar {LEAST_OF_THE_PEAK})"
    )
    if done < LEAST_OF_THE_PEAK * peak:
        platform.missed.append(platform.told[-1])
    yield


HERDS = (
    Fault("300 clients at once", partial(_herded, HERD), EVERYWHERE, 5, BUSY, is_felt=False),
    Fault("500 clients when a service is back", _coming_back, EVERYWHERE, 1, BUSY | GONE, is_felt=False),
)
