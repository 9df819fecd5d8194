"""A program that stands still, or ends and is not started anew for a while."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from onebox.processes import identity
from tests.faults.fault import GONE, LATE, Fault, behind
from tests.faults.platform import Platform, parent


@asynccontextmanager
async def stopped(program: str, platform: Platform) -> AsyncIterator[None]:
    """It does nothing within the block, and goes on after it."""
    platform.signal(program, signal.SIGSTOP)
    try:
        yield
    finally:
        platform.signal(program, signal.SIGCONT)


@asynccontextmanager
async def absent(program: str, platform: Platform) -> AsyncIterator[None]:
    """It is killed, and nobody starts it anew within the block: whoever would fork it stands still."""
    pid = platform.pid(program)
    loader = parent(pid)
    os.kill(loader, signal.SIGSTOP)
    try:
        os.kill(pid, signal.SIGKILL)
        while identity(pid):
            await asyncio.sleep(0.01)
        yield
    finally:
        os.kill(loader, signal.SIGCONT)


STOPPED = (
    Fault(
        "screening stands still and views are asked for",
        partial(stopped, "screening"),
        behind("screening"),
        9,
        LATE,
        left_out="screening",
        quiet_seconds=9,
    ),
    Fault(
        "screening is away and views are asked for",
        partial(absent, "screening"),
        behind("screening"),
        6,
        GONE,
        left_out="screening",
        quiet_seconds=6,
    ),
    Fault("the issuer stands still", partial(stopped, "issuer"), (), 5, is_felt=False),
)
