"""Documents and pictures, drawn in processes of their own.

No request then waits for another's pages.

The parent writes a frame (variant, length, the document) and reads one back (status,
length, the output). A process is started when none is free, kept for a while, and
ended when it does not answer in time.
"""

import asyncio
import struct
import sys
from collections.abc import Callable
from importlib import import_module

from services.chassis.background.child_processes import Child, child_process
from services.chassis.ground.problems import Problem

SECONDS_TO_DRAW = 20
# Its memory, 40 to 100 MB, holds what is needed again while somebody looks at pages.
SECONDS_KEPT = 300
MOST_PROCESSES = 2
_HEAD = struct.Struct(">4sI")
_DRAWN, _FAILED = b"D", b"F"


class _Drawers:
    """The drawing processes of one event loop; each draws one document at a time."""

    def __init__(self, module: str, unavailable: type[Problem], most: int) -> None:
        self.module, self.unavailable = module, unavailable
        self.turn = asyncio.Semaphore(most)
        self.idle: list[Child] = []
        self._resting: asyncio.Task[None] | None = None

    async def draw(self, frame: bytes) -> bytes:
        """The output; the problem when the process does not answer in time."""
        self._cancel_rest()
        async with self.turn:
            child = await self._free_child()
            try:
                async with asyncio.timeout(SECONDS_TO_DRAW):
                    status, output = await _exchange(child, frame)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await child.process.end()
                raise self.unavailable(retry_after=5) from None
            except asyncio.CancelledError:
                # A frame may be half written: the next document needs another process.
                await child.process.end()
                raise
            self.idle.append(child)
        self._cancel_rest()
        self._resting = asyncio.create_task(self._rest())
        if status != _DRAWN:
            # A fault of ours: no caller sends documents, the service makes all of them.
            raise RuntimeError("a document that cannot be drawn")
        return output

    async def _free_child(self) -> Child:
        while self.idle:
            child = self.idle.pop()
            if child.process.returncode is None:
                return child
            await child.process.end()
        return await child_process(self.module, module=__name__)

    def _cancel_rest(self) -> None:
        if self._resting is not None:
            self._resting.cancel()

    async def _rest(self) -> None:
        """End the processes when nothing was drawn for a while."""
        await asyncio.sleep(SECONDS_KEPT)
        await self._end()

    async def _end(self) -> None:
        while self.idle:
            await self.idle.pop().process.end()

    async def stop(self) -> None:
        """End the idle processes."""
        self._cancel_rest()
        await self._end()


async def _exchange(child: Child, frame: bytes) -> tuple[bytes, bytes]:
    """Send a document; returns the status and the output."""
    child.stdin.write(frame)
    await child.stdin.drain()
    head = await child.stdout.readexactly(5)
    size = int.from_bytes(head[1:], "big")
    return head[:1], await child.stdout.readexactly(size)


class Drawing:
    """One kind of document and its drawing processes.

    They call `draw(document, variant)` of a module that only they import. `variant` is
    a language, or a kind of picture, in at most four letters.

    `unavailable` is the problem when a process does not answer in time; `most` is the
    number of processes at once.
    """

    def __init__(
        self, module: str, unavailable: type[Problem], most: int = MOST_PROCESSES
    ) -> None:
        self.module, self.unavailable, self.most = module, unavailable, most
        self._drawers: dict[asyncio.AbstractEventLoop, _Drawers] = {}

    async def draw(self, document: bytes, variant: str) -> bytes:
        """The output of the module for a document."""
        # By loop: pipes of one loop cannot be awaited in another.
        loop = asyncio.get_running_loop()
        if loop not in self._drawers:
            self._drawers[loop] = _Drawers(self.module, self.unavailable, self.most)
        head = _HEAD.pack(variant.encode(), len(document))
        return await self._drawers[loop].draw(head + document)

    async def stop(self) -> None:
        """End this loop's drawing processes."""
        drawers = self._drawers.pop(asyncio.get_running_loop(), None)
        if drawers is not None:
            await drawers.stop()


def _serve(draw: Callable[[bytes, str], bytes]) -> None:
    """Draw until the parent is gone."""
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while len(head := stdin.read(_HEAD.size)) == _HEAD.size:
        variant, size = _HEAD.unpack(head)
        document = stdin.read(size)
        try:
            output, status = draw(document, variant.rstrip(b"\0").decode()), _DRAWN
        except Exception:  # noqa: BLE001 - the next document may be a better one
            output, status = b"", _FAILED
        stdout.write(status + struct.pack(">I", len(output)) + output)
        stdout.flush()


if __name__ == "__main__":
    _serve(import_module(sys.argv[1]).draw)
