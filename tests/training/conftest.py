"""Training with its background jobs being worked on."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.background.jobs import Job
from services.chassis.background.queue import JobRunner
from services.training.main import JOBS
from tests.support.records import app_of


@pytest.fixture
async def working_training(racing_training: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Real transactions, no records, and a runner that takes jobs as they come."""
    jobs = [job for job in JOBS if isinstance(job, Job)]
    runner = JobRunner(app_of(racing_training).state.database, jobs)
    running = asyncio.create_task(runner.run())
    yield racing_training
    await runner.stop()
    await running
