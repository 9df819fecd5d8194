"""Vega-Lite documents as pictures, drawn in a process of its own that is started once and kept.

The parent writes a frame (kind, length, the document as JSON) and reads one back
(status, length, the picture). What does not answer in time is ended, and the next
picture starts another one.
"""

import asyncio
import json
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from html import escape
from typing import Any, Literal

from services.chassis.background.child_processes import Child, child_process
from services.chassis.web.answers import LateAnswer
from services.screening.problems import ChartUnavailable

Picture = Literal["svg", "png"]
SECONDS_TO_DRAW = 20
PIXELS_PER_UNIT = 2.0
"""Of a PNG, for each unit of length of the document: sharp on the screens of today."""
_KINDS: Mapping[Picture, bytes] = {"svg": b"S", "png": b"P"}
_MEDIA_TYPES: Mapping[Picture, str] = {"svg": "image/svg+xml", "png": "image/png"}
_DRAWN, _FAILED = b"D", b"F"


class _Drawer:
    """The drawing process of one event loop; one picture at a time."""

    def __init__(self) -> None:
        # Two frames written at once would mix in the one pipe.
        self.turn = asyncio.Lock()
        self.child: Child | None = None

    async def draw(self, document: bytes, kind: bytes) -> bytes:
        """The picture; ChartUnavailable when the process does not answer in time."""
        async with self.turn:
            try:
                async with asyncio.timeout(SECONDS_TO_DRAW):
                    return await _exchange(await self._running(), document, kind)
            except asyncio.CancelledError:
                # A frame may be half written: the next picture needs a new process.
                await self.stop()
                raise
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await self.stop()
                raise ChartUnavailable(retry_after=5) from None

    async def _running(self) -> Child:
        # It may have died between two pictures; nobody would notice before the next
        # one.
        if self.child is not None and self.child.process.returncode is not None:
            await self.stop()
        if self.child is None:
            self.child = await child_process("draw", module=__name__)
        return self.child

    async def stop(self) -> None:
        """End the process, if there is one."""
        if self.child is not None:
            # Forgotten before the waiting: whoever draws meanwhile starts another one.
            process, self.child = self.child.process, None
            await process.end()


async def _exchange(child: Child, document: bytes, kind: bytes) -> bytes:
    """Send a document, read the picture."""
    child.stdin.write(kind + struct.pack(">I", len(document)) + document)
    await child.stdin.drain()
    head = await child.stdout.readexactly(5)
    picture = await child.stdout.readexactly(int.from_bytes(head[1:], "big"))
    if head[:1] != _DRAWN:
        # A fault of ours: no caller sends documents, the service makes all of them.
        raise RuntimeError("a chart that cannot be drawn")
    return picture


# By loop: the lock and the pipes of one event loop cannot be awaited in another.
_drawers: dict[asyncio.AbstractEventLoop, _Drawer] = {}


async def draw(document: Mapping[str, Any], kind: Picture) -> bytes:
    """The picture of a Vega-Lite document.

    ChartUnavailable when the drawing process does not answer.
    """
    drawer = _drawers.setdefault(asyncio.get_running_loop(), _Drawer())
    return await drawer.draw(json.dumps(document).encode(), _KINDS[kind])


class Drawing(LateAnswer):
    """The answer with the picture of a Vega-Lite document."""

    def __init__(
        self, document: Mapping[str, Any], kind: Picture, headers: Mapping[str, str]
    ) -> None:
        super().__init__(partial(draw, document, kind), _MEDIA_TYPES[kind], headers)


async def stop_drawing() -> None:
    """End this loop's drawing process."""
    drawer = _drawers.pop(asyncio.get_running_loop(), None)
    if drawer is not None:
        await drawer.stop()


def _described(svg: str, document: Mapping[str, Any]) -> str:
    """The picture with the document's description, which is read aloud in its place."""
    # Titles are authors' words, and an SVG is XML.
    description = escape(document.get("description", ""))
    # Vega leaves it out of an SVG, and labels axes and marks in English. What is inside
    # of an image is not read.
    told = f' role="img"><desc>{description}</desc>'
    return svg.replace(">", told, 1) if description else svg


def _serve() -> None:
    """Draw until the parent is gone.

    A document may not reach for anything outside of itself.
    """
    import vl_convert  # noqa: PLC0415 - only this process has it in memory

    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while len(head := stdin.read(5)) == 5:
        document = stdin.read(int.from_bytes(head[1:], "big"))
        picture, status = b"", _FAILED
        # What vl-convert raises for a document that it cannot draw: the parent is told
        # so, and the next document may be a better one.
        with suppress(ValueError):
            if head[:1] == b"P":
                picture = vl_convert.vegalite_to_png(
                    document.decode(), scale=PIXELS_PER_UNIT, allowed_base_urls=[]
                )
            else:
                drawn = vl_convert.vegalite_to_svg(
                    document.decode(), allowed_base_urls=[]
                )
                picture = _described(drawn, json.loads(document)).encode()
            status = _DRAWN
        stdout.write(status + struct.pack(">I", len(picture)) + picture)
        stdout.flush()


if __name__ == "__main__":
    _serve()
