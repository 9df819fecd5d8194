"""Work that nobody asks for: done when a process starts, and again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from services.chassis.data.database import Database, problem_of
from services.chassis.ground.logs import describe_exception, logger

log = logger("rounds")


class Round(NamedTuple):
    """Work that is done every `seconds`, perhaps by several processes at once."""

    name: str
    seconds: float
    run: Callable[[Database], Awaitable[object]]


async def go_round(
    database: Database,
    round_: Round,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run it until cancelled; an error is logged, and the next round tries again."""
    while True:
        try:
            await round_.run(database)
        except Exception as error:  # noqa: BLE001
            # Any error: nothing would start this loop again.
            log.warning(
                "round broken off",
                round=round_.name,
                problem=problem_of(error).slug(),
                **describe_exception(error),
            )
        await pause(round_.seconds)
