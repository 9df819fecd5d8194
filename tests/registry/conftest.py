"""The registry with its background jobs being worked on."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.background.queue import JobRunner
from services.registry.main import JOBS
from tests.support.records import add_territory, app_of


@pytest.fixture
async def empty_registry(racing_registry: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Real transactions, no records, and a runner that takes jobs as they come."""
    runner = JobRunner(app_of(racing_registry).state.database, JOBS)
    running = asyncio.create_task(runner.run())
    yield racing_registry
    await runner.stop()
    await running


@pytest.fixture
async def working_registry(empty_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same with a small territory."""
    await add_territory(empty_registry)
    return empty_registry
