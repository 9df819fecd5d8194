"""Screening with its background jobs being worked on."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.background.queue import JobRunner
from services.screening.main import JOBS
from tests.support.records import app_of


@pytest.fixture
async def working_screening(racing_screening: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Real transactions, no records, and a runner that takes jobs as they come."""
    runner = JobRunner(app_of(racing_screening).state.database, JOBS)
    running = asyncio.create_task(runner.run())
    yield racing_screening
    await runner.stop()
    await running
