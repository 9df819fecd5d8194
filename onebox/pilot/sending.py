"""Many requests at once, with their progress."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, TypeVar

from onebox.demo.api import Api
from onebox.steps import Advance

AT_ONCE = 6
"""Enough requests to keep two cores busy; more would only wait for each other."""
Item = TypeVar("Item")
Made = TypeVar("Made")


class Counting(Protocol):
    """Shows a step of known size; its context manager yields a function to call once for
    each item done.
    """

    def __call__(self, title: str, total: int) -> AbstractContextManager[Advance]: ...


class Staff(NamedTuple):
    """The callers who send the parts of the pilot, each reaching every county."""

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
    items: Iterable[Item], send: Callable[[Item], Awaitable[Made]], advance: Advance, at_once: int = AT_ONCE
) -> list[Made]:
    """Send each item, a few at once; returns the results in the order of the items. The first
    error ends all.
    """
    room = asyncio.Semaphore(at_once)

    async def send_one(item: Item) -> Made:
        async with room:
            result = await send(item)
        advance()
        return result

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(send_one(item)) for item in items]
    return [task.result() for task in tasks]
