"""Screening's job runner as a process of its own, to be killed."""

import asyncio

from services.chassis.background.queue import JobRunner
from services.chassis.data.database import Database
from services.chassis.ground.settings import ServiceSettings
from services.screening.main import JOBS

if __name__ == "__main__":
    asyncio.run(JobRunner(Database(ServiceSettings(), "screening"), JOBS).run())
