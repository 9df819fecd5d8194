"""A program that stands still, or ends and is not started anew for a while."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx

from onebox.access import mint_for
from onebox.processes import identity
from onebox.tokens import rotate_key
from tests.faults.fault import GONE, LATE, Fault, behind
from tests.faults.platform import Platform, parent
from tests.faults.routes import WRITER

SECONDS_TO_KNOW_A_KEY = 70.0
"""A key that is not known is asked for every half minute, by gateway and service one after the other."""


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


@asynccontextmanager
async def _key_changed_unseen(platform: Platform) -> AsyncIterator[None]:
    """The issuer's key changes while it cannot be asked: known tokens are good, new ones when it can be."""
    platform.renew_tokens()
    async with httpx.AsyncClient(base_url=platform.url, timeout=30, trust_env=False) as client:

        async def status(token: str) -> int:
            headers = {"Authorization": f"Bearer {token}"}
            return (await client.get("/v1/registry/institutions?limit=1", headers=headers)).status_code

        async with stopped("issuer", platform):
            rotate_key(platform.instance.issuer_key)
            token = mint_for(platform.instance, WRITER)
            # The first one waits for the issuer; a while nobody is asked again.
            told = [await status(token), await status(token)]
            assert told[0] >= httpx.codes.BAD_REQUEST, "a key that nobody could ask for was believed"
            assert told[1] == httpx.codes.UNAUTHORIZED, f"a key that is not known was answered {told}"
            yield
        async with asyncio.timeout(SECONDS_TO_KNOW_A_KEY):
            while await status(token) != httpx.codes.OK:
                await asyncio.sleep(0.5)


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
    Fault("a key is changed while the issuer stands still", _key_changed_unseen, (), 3, is_felt=False),
)
