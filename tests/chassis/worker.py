"""The depot's job runner as a process of its own, to be killed."""

import asyncio

from services.chassis.background.queue import JobRunner
from services.chassis.data.database import Database
from services.chassis.ground.settings import ServiceSettings
from tests.chassis import depot

if __name__ == "__main__":
    asyncio.run(JobRunner(Database(ServiceSettings(), "depot"), depot.JOBS).run())
