"""Processes that somebody else forked for us: they are not our children, and still
their end is seen.
"""

import asyncio
import os
from asyncio.subprocess import Process
from contextlib import suppress

ARE_SEEN = hasattr(os, "pidfd_open")  # Linux


class Fork:
    """A process by its id, waited for like a child. How it ended is not told to us."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()
        try:
            self._descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._end()
        else:
            asyncio.get_running_loop().add_reader(self._descriptor, self._see_end)

    async def wait(self) -> int:
        """Return once it has ended."""
        await self._ended.wait()
        return self.returncode or 0

    def _see_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._end()

    def _end(self) -> None:
        self.returncode = 0
        self._ended.set()


async def fork_of(loader: Process) -> "Fork | Process":
    """One more process of a program that `onebox.preloaded` has loaded; the loader
    itself when it has ended instead.
    """
    if loader.stdin is None or loader.stdout is None:
        return loader
    loader.stdin.write(b"\n")
    # A loader that has died is noticed below: it gives no process id.
    with suppress(ConnectionError):
        await loader.stdin.drain()
    answer = await loader.stdout.readline()
    return Fork(int(answer)) if answer.strip().isdigit() else loader
