"""`python -m tests.faults.herd URL CLIENTS`: so many clients call again and again until standard input ends.

Whoever is told when to try again waits so long, as clients do.

A process of its own, so that the callers who are measured do not wait for it. The token is the first line. At the end
it prints how many calls succeeded in each second since it began.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from contextlib import suppress

import aiohttp

SECONDS_OF_PATIENCE = 10


async def _call(client: aiohttp.ClientSession, url: str, began: float, succeeded: Counter[int]) -> None:
    while True:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with client.get(url) as answer:
                await answer.read()
            succeeded[int(time.monotonic() - began)] += answer.ok
            await asyncio.sleep(float(answer.headers.get("retry-after", 0)))


async def _herd(url: str, clients: int) -> None:
    # httpx looks through all connections for each call: of five hundred it is slower than what is tried.
    headers, every = {"Authorization": sys.stdin.readline().strip()}, aiohttp.TCPConnector(limit=0)
    began, succeeded = time.monotonic(), Counter[int]()
    patience = aiohttp.ClientTimeout(SECONDS_OF_PATIENCE)
    async with aiohttp.ClientSession(headers=headers, connector=every, timeout=patience) as client:
        calling = [asyncio.create_task(_call(client, url, began, succeeded)) for _ in range(clients)]
        await asyncio.to_thread(sys.stdin.read)
        for task in calling:
            task.cancel()
        await asyncio.gather(*calling, return_exceptions=True)
    print(json.dumps([succeeded[second] for second in range(int(time.monotonic() - began))]))


if __name__ == "__main__":
    asyncio.run(_herd(sys.argv[1], int(sys.argv[2])))
