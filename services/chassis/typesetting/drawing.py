"""Documents become PDFs in processes of their own.

So that no request waits for another's pages.

The parent writes a frame (language, length, the document as JSON) and reads one back
(status, length, the PDF).
A process is started when none is free and kept; what does not answer in time is ended.
"""

import asyncio
import struct
import sys
from collections.abc import Callable, Mapping
from importlib import import_module

from services.chassis.background.child_processes import Child, child_process
from services.chassis.ground.problems import Language, Problem

SECONDS_TO_DRAW = 20
MOST_PROCESSES = 2
_DRAWN, _FAILED = b"D", b"F"
_LETTERS: Mapping[Language, bytes] = {"pl": b"P", "en": b"E"}
_LANGUAGES: Mapping[bytes, Language] = {b"P": "pl", b"E": "en"}


class _Drawers:
    """The drawing processes of one event loop; each draws one document at a time."""

    def __init__(self, module: str, unavailable: type[Problem], most: int) -> None:
        self.module, self.unavailable = module, unavailable
        self.turn = asyncio.Semaphore(most)
        self.idle: list[Child] = []

    async def draw(self, frame: bytes) -> bytes:
        """The PDF; the problem when the process does not answer in time."""
        async with self.turn:
            child = await self._free()
            try:
                async with asyncio.timeout(SECONDS_TO_DRAW):
                    status, pdf = await _exchange(child, frame)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await child.process.end()
                raise self.unavailable(retry_after=5) from None
            except asyncio.CancelledError:
                # A frame may be half written: the next document needs another process.
                await child.process.end()
                raise
            self.idle.append(child)
        if status != _DRAWN:
            raise RuntimeError("a document that cannot be drawn")
        return pdf

    async def _free(self) -> Child:
        while self.idle:
            child = self.idle.pop()
            if child.process.returncode is None:
                return child
            await child.process.end()
        return await child_process(self.module, module=__name__)

    async def stop(self) -> None:
        """End the processes that wait."""
        while self.idle:
            await self.idle.pop().process.end()


async def _exchange(child: Child, frame: bytes) -> tuple[bytes, bytes]:
    """Send a document, read the status and the PDF."""
    child.stdin.write(frame)
    await child.stdin.drain()
    head = await child.stdout.readexactly(5)
    size = int.from_bytes(head[1:], "big")
    return head[:1], await child.stdout.readexactly(size)


class Drawing:
    """How one kind of document is drawn.

    By `draw(document, language)` of a module that only its processes import.

    `unavailable` is the problem where a process does not answer; `most`: so many
    processes at once.
    """

    def __init__(
        self, module: str, unavailable: type[Problem], most: int = MOST_PROCESSES
    ) -> None:
        self.module, self.unavailable, self.most = module, unavailable, most
        self._drawers: dict[asyncio.AbstractEventLoop, _Drawers] = {}

    async def draw(self, document: bytes, language: Language) -> bytes:
        """The PDF of a document that is given as JSON."""
        loop = asyncio.get_running_loop()
        if loop not in self._drawers:
            self._drawers[loop] = _Drawers(self.module, self.unavailable, self.most)
        head = _LETTERS[language] + struct.pack(">I", len(document))
        return await self._drawers[loop].draw(head + document)

    async def stop(self) -> None:
        """End this loop's drawing processes."""
        drawers = self._drawers.pop(asyncio.get_running_loop(), None)
        if drawers is not None:
            await drawers.stop()


def _serve(draw: Callable[[bytes, Language], bytes]) -> None:
    """Draw until the parent is gone."""
    # Only this process has typst and the face in memory.
    from typst import TypstError  # noqa: PLC0415

    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while len(head := stdin.read(5)) == 5:
        document = stdin.read(int.from_bytes(head[1:], "big"))
        try:
            pdf, status = draw(document, _LANGUAGES[head[:1]]), _DRAWN
        except TypstError:
            pdf, status = b"", _FAILED
        stdout.write(status + struct.pack(">I", len(pdf)) + pdf)
        stdout.flush()


if __name__ == "__main__":
    _serve(import_module(sys.argv[1]).draw)
