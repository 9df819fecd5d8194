"""Two processes of each program: one of them ends, and nobody notices."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from onebox.stack import numbered, services_here
from tests.faults.fault import EVERYWHERE, GONE, LATE, Fault, behind
from tests.faults.platform import Platform
from tests.faults.stopped import stopped

TWO = (1, 2)
SERVICES = tuple(numbered(service, number) for service in services_here() for number in TWO)
GATEWAYS = tuple(numbered("gateway", number) for number in TWO)


async def restarted(program: str, platform: Platform) -> None:
    """The program is asked to end, and its successor awaited."""
    before = platform.pid(program)
    platform.signal(program, signal.SIGTERM)
    while platform.pid(program) == before or not await platform.is_ready(program):
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _one_after_another(programs: Sequence[str], platform: Platform) -> AsyncIterator[None]:
    for program in programs:
        await restarted(program, platform)
    yield


@asynccontextmanager
async def _killed(program: str, platform: Platform) -> AsyncIterator[None]:
    platform.signal(program, signal.SIGKILL)
    yield


REPLICAS = (
    *(
        Fault(
            f"each {what} is restarted",
            partial(_one_after_another, programs),
            EVERYWHERE,
            1,
            is_felt=False,
            replicas=2,
        )
        for what, programs in (("replica of each service", SERVICES), ("gateway", GATEWAYS))
    ),
    Fault(
        "one of two is killed",
        partial(_killed, "registry-2"),
        behind("registry"),
        1,
        GONE,
        is_felt=False,
        replicas=2,
    ),
    Fault(
        "one of two stands still",
        partial(stopped, "registry-2"),
        behind("registry"),
        6,
        LATE,
        is_felt=False,
        replicas=2,
    ),
)
