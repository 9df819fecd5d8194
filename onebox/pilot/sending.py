"""Many requests at once, with their progress."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, TypeVar

from onebox.demo.api import Api
from onebox.steps import Advance

AT_ONCE = 6
"""As many as keep two cores busy; more would only wait for each other."""
Item = TypeVar("Item")
Made = TypeVar("Made")


class Counting(Protocol):
    """Shows a step of known size; what it gives is called once for each thing done."""

    def __call__(self, title: str, total: int) -> AbstractContextManager[Advance]: ...


class Staff(NamedTuple):
    """Who sends what of the pilot, each reaching every county."""

    registry: Api
    screening: Api
    pupils: Api
    planning: Api
    watching: Api
    casework: Api
    training: Api
    client: Api
    trainer: Api
    validator: Api


async def spread(
    items: Iterable[Item], send: Callable[[Item], Awaitable[Made]], done: Advance, at_once: int = AT_ONCE
) -> list[Made]:
    """Send each, a few at once; what came of each, in their order. The first error ends all."""
    room = asyncio.Semaphore(at_once)

    async def one(item: Item) -> Made:
        async with room:
            made = await send(item)
        done()
        return made

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]
