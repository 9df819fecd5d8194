"""An open-loop load: reads a plan, sends requests at random moments without waiting for answers, prints the times.

A client that waits for each answer sends less when the platform is slow, and so hides the delay. Here a request is due
at a moment that does not depend on answers, and its time counts from that moment.
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
    """A plan under way: the times by kind of request, each from the moment at which the request was due."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.times: dict[str, list[float]] = {}
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
        times = sorted(seconds for kind in self.times.values() for seconds in kind)
        slowest = {name: sorted(kind)[len(kind) * 99 // 100] for name, kind in self.times.items()}
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
                failure = "" if answer.status < 400 else str(answer.status)
        except aiohttp.ClientError as error:
            failure = type(error).__name__
        self.times.setdefault(kind["name"], []).append(asyncio.get_running_loop().time() - due)
        if failure:
            name = f"{kind['name']}: {failure}"
            self.failures[name] = self.failures.get(name, 0) + 1


if __name__ == "__main__":
    started = time.perf_counter()
    sys.stdout.write(json.dumps(uvloop.run(Day(json.load(sys.stdin)).carry_out())) + "\n")
