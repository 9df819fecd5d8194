"""Jobs of the depot that count, and a runner that works on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from services.chassis.background.queue import JobRunner
from tests.chassis import depot


async def count(client: httpx.AsyncClient, how: str = "plain") -> str:
    answer = await client.post("/v1/depot/goods-counts", params={"how": how})
    assert answer.status_code == 202
    return str(answer.headers["location"])


@asynccontextmanager
async def working(database: Any) -> AsyncIterator[None]:
    """Somebody works on the depot's jobs."""
    runner = JobRunner(database, depot.JOBS)
    running = asyncio.create_task(runner.run())
    yield
    await runner.stop()
    await running
