"""Read, change, write: nobody else's change is overwritten."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from splot_client.answers import Answer
from splot_client.problems import ChangedMeanwhile

T = TypeVar("T")
W = TypeVar("W")


async def change(
    read: Callable[[], Awaitable[Answer[T]]],
    write: Callable[[Answer[T]], Awaitable[Answer[W]]],
    *,
    tries: int = 1,
) -> Answer[W]:
    """Read a thing and write what `write` makes of it, under the ETag that was read.

    When somebody else was faster it is read and written anew, at most `tries` times; then
    ChangedMeanwhile tells by its `current` what it is now, for a person to decide.
    """
    current = await read()
    for attempt in range(1, tries + 1):
        try:
            return await write(current)
        except ChangedMeanwhile as problem:
            current = await read()
            problem.current = current.data
            if attempt == tries:
                raise
    raise ValueError("tries is at least 1")
