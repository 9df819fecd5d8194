"""Vega-Lite documents as pictures, drawn in a process of its own that is started once and kept.

The parent writes a frame (kind, length, the document as JSON) and reads one back (status, length, the picture). What
does not answer in time is ended, and the next picture starts another one.
"""

import asyncio
import json
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

from starlette.types import Receive, Scope, Send

from services.chassis.answers import Answer
from services.chassis.child_processes import child_process, end_process
from services.chassis.problems import Unavailable

Picture = Literal["svg", "png"]
SECONDS_TO_DRAW = 20
_SCALE = 2.0  # pixels of a PNG for each of the document
_KINDS: Mapping[Picture, bytes] = {"svg": b"S", "png": b"P"}
_MEDIA_TYPES: Mapping[Picture, str] = {"svg": "image/svg+xml", "png": "image/png"}
_DRAWN, _FAILED = b"D", b"F"


class ChartUnavailable(Unavailable):
    """The picture cannot be drawn at the moment."""

    title_pl = "Nie można teraz narysować wykresu"


class _Drawer:
    """The drawing process of one event loop; one picture at a time."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.child: (
            tuple[
                asyncio.subprocess.Process, asyncio.StreamWriter, asyncio.StreamReader
            ]
            | None
        ) = None

    async def draw(self, document: bytes, kind: bytes) -> bytes:
        async with self.turn:
            try:
                async with asyncio.timeout(SECONDS_TO_DRAW):
                    if self.child is None or self.child[0].returncode is not None:
                        self.child = await child_process("draw", module=__name__)
                    return await self._exchange(
                        self.child, kind + struct.pack(">I", len(document)) + document
                    )
            except asyncio.CancelledError:
                await self.stop()  # a frame may be half written
                raise
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await self.stop()
                raise ChartUnavailable(retry_after=5) from None

    async def _exchange(self, child: Any, frame: bytes) -> bytes:
        _, stdin, stdout = child
        stdin.write(frame)
        await stdin.drain()
        head: bytes = await stdout.readexactly(5)
        picture: bytes = await stdout.readexactly(int.from_bytes(head[1:], "big"))
        if head[:1] != _DRAWN:
            raise RuntimeError("a chart that cannot be drawn")
        return picture

    async def stop(self) -> None:
        if self.child is not None:
            process, self.child = self.child[0], None
            await end_process(process)


_drawers: dict[asyncio.AbstractEventLoop, _Drawer] = {}


async def draw(document: Mapping[str, Any], kind: Picture) -> bytes:
    """The picture of a Vega-Lite document; ChartUnavailable when the drawing process does not answer."""
    drawer = _drawers.setdefault(asyncio.get_running_loop(), _Drawer())
    return await drawer.draw(json.dumps(document).encode(), _KINDS[kind])


class Drawing(Answer):
    """A picture that is drawn when it is sent: by then the request has given its connection to the database back."""

    def __init__(
        self, document: Mapping[str, Any], kind: Picture, headers: Mapping[str, str]
    ) -> None:
        super().__init__(media_type=_MEDIA_TYPES[kind], headers=headers)
        self.document, self.kind = document, kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Draw, then answer."""
        self.body = await draw(self.document, self.kind)
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


async def stop_drawing() -> None:
    """End this loop's drawing process."""
    drawer = _drawers.pop(asyncio.get_running_loop(), None)
    if drawer is not None:
        await drawer.stop()


def _serve() -> None:
    """Draw until the parent is gone. A document may not reach for anything outside of itself."""
    import vl_convert  # noqa: PLC0415 - only this process has it in memory

    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while len(head := stdin.read(5)) == 5:
        document = stdin.read(int.from_bytes(head[1:], "big"))
        picture, status = b"", _FAILED
        with suppress(ValueError):
            if head[:1] == b"P":
                picture = vl_convert.vegalite_to_png(
                    document.decode(), scale=_SCALE, allowed_base_urls=[]
                )
            else:
                picture = vl_convert.vegalite_to_svg(
                    document.decode(), allowed_base_urls=[]
                ).encode()
            status = _DRAWN
        stdout.write(status + struct.pack(">I", len(picture)) + picture)
        stdout.flush()


if __name__ == "__main__":
    _serve()
