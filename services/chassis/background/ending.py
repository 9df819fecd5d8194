"""Ends a service whose background work has failed, so that it is started anew."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.chassis.ground.logs import describe_exception, logger

log = logger("background")


@asynccontextmanager
async def ending_with_its_work() -> AsyncIterator[None]:
    """Ask the process to end when a group of tasks in here fails."""
    try:
        yield
    except* Exception as group:  # noqa: BLE001
        # The server would go on answering, without keys, jobs and seals: its supervisor
        # starts it again. Not raised: it would be printed raw.
        for error in group.exceptions:
            facts = describe_exception(error)
            log.error("work broken off, the service ends", **facts)  # noqa: TRY400
        signal.raise_signal(signal.SIGTERM)
