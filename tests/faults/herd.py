"""`python -m tests.faults.herd URL CLIENTS`: so many clients call again and again until standard input ends.

A process of its own, so that the callers who are measured do not wait for it. The token is the first line.
"""

import asyncio
import sys
from contextlib import suppress

import httpx


async def _call(client: httpx.AsyncClient, url: str) -> None:
    while True:
        with suppress(httpx.HTTPError):
            await client.get(url)


async def _herd(url: str, clients: int) -> None:
    headers, limits = {"Authorization": sys.stdin.readline().strip()}, httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(headers=headers, limits=limits, trust_env=False, timeout=10) as client:
        calling = [asyncio.create_task(_call(client, url)) for _ in range(clients)]
        await asyncio.to_thread(sys.stdin.read)
        for task in calling:
            task.cancel()
        await asyncio.gather(*calling, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(_herd(sys.argv[1], int(sys.argv[2])))
