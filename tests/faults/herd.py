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

import httpx


async def _call(client: httpx.AsyncClient, url: str, began: float, succeeded: Counter[int]) -> None:
    while True:
        with suppress(httpx.HTTPError):
            answer = await client.get(url)
            succeeded[int(time.monotonic() - began)] += answer.is_success
            await asyncio.sleep(float(answer.headers.get("retry-after", 0)))


async def _herd(url: str, clients: int) -> None:
    headers, limits = {"Authorization": sys.stdin.readline().strip()}, httpx.Limits(max_connections=None)
    began, succeeded = time.monotonic(), Counter[int]()
    async with httpx.AsyncClient(headers=headers, limits=limits, trust_env=False, timeout=10) as client:
        calling = [asyncio.create_task(_call(client, url, began, succeeded)) for _ in range(clients)]
        await asyncio.to_thread(sys.stdin.read)
        for task in calling:
            task.cancel()
        await asyncio.gather(*calling, return_exceptions=True)
    print(json.dumps([succeeded[second] for second in range(int(time.monotonic() - began))]))


if __name__ == "__main__":
    asyncio.run(_herd(sys.argv[1], int(sys.argv[2])))
