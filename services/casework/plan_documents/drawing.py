"""Plans become PDFs in processes of their own,
so that no request waits for another's pages.

The parent writes a frame (language, length, the plan as JSON) and reads one back
(status, length, the PDF). A process is started when none is free and kept; what does
not answer in time is ended.
"""

import asyncio
import struct
import sys
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import TypeAdapter

from services.casework.plan_documents.rules.documents import PlanDocument
from services.casework.problems import DocumentUnavailable
from services.chassis.ground.problems import Language
from services.chassis.transfer.child_processes import child_process, end_process

SECONDS_TO_DRAW = 20
MOST_PROCESSES = 2
_DRAWN, _FAILED = b"D", b"F"
_LETTERS: Mapping[Language, bytes] = {"pl": b"P", "en": b"E"}
_LANGUAGES: Mapping[bytes, Language] = {b"P": "pl", b"E": "en"}
_PLANS = TypeAdapter(PlanDocument)


class _Child(NamedTuple):
    """A process that draws, and the pipes to and from it."""

    process: asyncio.subprocess.Process
    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader


class _Drawers:
    """The drawing processes of one event loop; each draws one document at a time."""

    def __init__(self) -> None:
        self.turn = asyncio.Semaphore(MOST_PROCESSES)
        self.idle: list[_Child] = []

    async def draw(self, frame: bytes) -> bytes:
        """The PDF; DocumentUnavailable when the process does not answer in time."""
        async with self.turn:
            child = await self._free()
            try:
                async with asyncio.timeout(SECONDS_TO_DRAW):
                    status, pdf = await _exchange(child, frame)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await end_process(child.process)
                raise DocumentUnavailable(retry_after=5) from None
            except asyncio.CancelledError:
                # A frame may be half written: the next document needs another process.
                await end_process(child.process)
                raise
            self.idle.append(child)
        if status != _DRAWN:
            raise RuntimeError("a plan that cannot be drawn")
        return pdf

    async def _free(self) -> _Child:
        while self.idle:
            child = self.idle.pop()
            if child.process.returncode is None:
                return child
        return _Child(*await child_process("draw", module=__name__))

    async def stop(self) -> None:
        """End the processes that wait."""
        while self.idle:
            await end_process(self.idle.pop().process)


async def _exchange(child: _Child, frame: bytes) -> tuple[bytes, bytes]:
    """Send a plan, read the status and the PDF."""
    child.stdin.write(frame)
    await child.stdin.drain()
    head = await child.stdout.readexactly(5)
    size = int.from_bytes(head[1:], "big")
    return head[:1], await child.stdout.readexactly(size)


_drawers: dict[asyncio.AbstractEventLoop, _Drawers] = {}


async def draw_plan(document: PlanDocument, language: Language) -> bytes:
    """The document of a plan as a PDF (PDF/UA-1 and PDF/A-2a).

    DocumentUnavailable when the drawing process does not answer.
    """
    drawers = _drawers.setdefault(asyncio.get_running_loop(), _Drawers())
    plan = _PLANS.dump_json(document)
    return await drawers.draw(_LETTERS[language] + struct.pack(">I", len(plan)) + plan)


async def stop_drawing() -> None:
    """End this loop's drawing processes."""
    drawers = _drawers.pop(asyncio.get_running_loop(), None)
    if drawers is not None:
        await drawers.stop()


def _serve() -> None:
    """Draw until the parent is gone."""
    # Only this process has typst and the face in memory.
    from typst import TypstError  # noqa: PLC0415

    from services.casework.plan_documents.typesetting import plan_pdf  # noqa: PLC0415

    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while len(head := stdin.read(5)) == 5:
        plan = stdin.read(int.from_bytes(head[1:], "big"))
        try:
            pdf, status = (
                plan_pdf(_PLANS.validate_json(plan), _LANGUAGES[head[:1]]),
                _DRAWN,
            )
        except TypstError:
            pdf, status = b"", _FAILED
        stdout.write(status + struct.pack(">I", len(pdf)) + pdf)
        stdout.flush()


if __name__ == "__main__":
    _serve()
