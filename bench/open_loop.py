"""Requests that come when they come, whether the ones before are answered or not: reads a plan, prints what came of it.

A caller who waits asks less often when the platform is slow, and so hides that it was. Here a request is due at a
moment drawn beforehand, and its time counts from then.
"""

import asyncio
import json
import random
import sys
import time
import uuid
from typing import Any

import aiohttp
import uvloop

CONNECTIONS = 256
MARK = "00000000-0000-4000-8000-000000000000"


class Day:
    """A plan under way: what was asked of whom, and how long each took from the moment at which it was due."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.took: dict[str, list[float]] = {}
        self.failures: dict[str, int] = {}
        self.chance = random.Random(plan["seed"])  # noqa: S311 - a plan, no secret

    async def carry_out(self) -> dict[str, Any]:
        """All requests of the plan."""
        loop = asyncio.get_running_loop()
        kinds, weights = self.plan["kinds"], [kind["weight"] for kind in self.plan["kinds"]]
        limits = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(self.plan["url"], connector=limits) as session, asyncio.TaskGroup() as group:
            due = loop.time()
            until = due + self.plan["seconds"]
            while (due := due + self.chance.expovariate(self.plan["rate"])) < until:
                await asyncio.sleep(due - loop.time())
                group.create_task(self._ask(session, self.chance.choices(kinds, weights)[0], due))
        times = sorted(each for kind in self.took.values() for each in kind)
        slowest = {name: sorted(kind)[len(kind) * 99 // 100] for name, kind in self.took.items()}
        return {"took": times, "failures": self.failures, "slowest": slowest}

    async def _ask(self, session: aiohttp.ClientSession, kind: dict[str, Any], due: float) -> None:
        key = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        headers = {**kind["headers"], **({"Idempotency-Key": key} if kind["body"] else {})}
        body = kind["body"].replace(MARK, key) if kind["body"] else None
        if body is not None:
            headers["Content-Type"] = "application/json"
        path = self.chance.choice(kind["paths"])
        try:
            async with session.request("POST" if body else "GET", path, data=body, headers=headers) as answer:
                await answer.read()
                said = "" if answer.status < 400 else str(answer.status)
        except aiohttp.ClientError as error:
            said = type(error).__name__
        self.took.setdefault(kind["name"], []).append(asyncio.get_running_loop().time() - due)
        if said:
            name = f"{kind['name']}: {said}"
            self.failures[name] = self.failures.get(name, 0) + 1


if __name__ == "__main__":
    started = time.perf_counter()
    sys.stdout.write(json.dumps(uvloop.run(Day(json.load(sys.stdin)).carry_out())) + "\n")
