"""`python -m tests.faults.herd URL CLIENTS`: so many clients call again and again until standard input ends.

A process of its own, so that the callers who are measured do not wait for it. The token is the first line.
"""

import asyncio
import sys
from contextlib import suppress

import httpx


async def _call(url: str, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(headers=headers, trust_env=False, timeout=10) as client:
        while True:
            with suppress(httpx.HTTPError):
                await client.get(url)


async def _herd(url: str, clients: int) -> None:
    headers = {"Authorization": sys.stdin.readline().strip()}
    calling = [asyncio.create_task(_call(url, headers)) for _ in range(clients)]
    await asyncio.to_thread(sys.stdin.read)
    for task in calling:
        task.cancel()
    await asyncio.gather(*calling, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(_herd(sys.argv[1], int(sys.argv[2])))
