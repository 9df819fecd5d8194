"""Somebody between a caller and a unix socket who delays, cuts and spoils what the other end answers."""

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

CHUNK = 65_536
SECONDS_BETWEEN_DRIPS = 0.5
BYTES_BEFORE_THE_CUT = 120
MADE = b"HTTP/1.1 201"
BYTES_A_SECOND = 125_000
"""Of a line of 1 Mbit/s."""
LOST, SECONDS_TO_REPEAT, MOST_REPEATS = 0.3, 0.2, 5
"""What is lost TCP sends again after the shortest time of Linux, then after twice as long; its caller sees it late."""
_CLOSE_AT_ONCE = struct.pack("ii", 1, 0)


class Mode(StrEnum):
    """What happens to answers."""

    PASS = "passed on"
    SILENT = "never answered"
    DRIP = "a byte each half second"
    CUT = "cut off with a reset"
    HALF = "ended half-way"
    GARBAGE = "turned into nonsense"
    REFUSED = "refused at once"
    KEPT = "kept when something was made"
    NARROW = "over 1 Mbit/s"
    LOSSY = "three of ten packets lost"


_SPOILT: Mapping[Mode, Callable[[bytes], bytes]] = {
    Mode.CUT: lambda data: data[:BYTES_BEFORE_THE_CUT],
    Mode.HALF: lambda data: data[: len(data) // 2],
    Mode.GARBAGE: lambda data: bytes(255 - byte for byte in data),
}
"""What is sent of an answer before the connection ends."""


@dataclass
class Interposed:
    """The one in between; `mode` counts for what arrives from now on."""

    place: Path
    real: Path
    mode: Mode = Mode.PASS
    kept: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the answer to a write was kept."""
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - a plan, no secret

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from its beginning to its end."""
        if self.mode is Mode.REFUSED:
            writer.close()
            return
        try:
            upstream, to_upstream = await asyncio.open_unix_connection(self.real)
        except OSError:
            writer.close()
            return
        self._open |= {writer, to_upstream}
        asked = asyncio.create_task(_pump(reader, to_upstream))
        answered = asyncio.create_task(self._answer(upstream, writer))
        try:
            await asyncio.wait({asked, answered}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (asked, answered):
                task.cancel()
            await asyncio.gather(asked, answered, return_exceptions=True)
            for end in (writer, to_upstream):
                self._open.discard(end)
                end.close()

    async def _answer(self, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await upstream.read(CHUNK):
            if self.mode in {Mode.SILENT, Mode.REFUSED}:
                await asyncio.Event().wait()  # until somebody hangs up
            if self.mode is Mode.KEPT and data.startswith(MADE):
                self.kept.set()
                await asyncio.Event().wait()
            if self.mode is Mode.DRIP:
                await _drip(data, writer)
                continue
            await asyncio.sleep(self._seconds_late(data))
            writer.write(_SPOILT.get(self.mode, bytes)(data))
            await writer.drain()
            if self.mode is Mode.CUT:
                end: socket.socket = writer.get_extra_info("socket")
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CLOSE_AT_ONCE)
            if self.mode in _SPOILT:
                return

    def _seconds_late(self, data: bytes) -> float:
        """How long it is under way."""
        if self.mode is Mode.NARROW:
            return len(data) / BYTES_A_SECOND
        repeats = 0
        while self.mode is Mode.LOSSY and repeats < MOST_REPEATS and self._chance.random() < LOST:
            repeats += 1
        return SECONDS_TO_REPEAT * (2.0**repeats - 1)

    def hang_up(self) -> None:
        """End every connection that is open."""
        for end in [*self._open]:
            end.close()


async def _drip(data: bytes, writer: asyncio.StreamWriter) -> None:
    for byte in data:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(SECONDS_BETWEEN_DRIPS)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def interposed(place: Path) -> AsyncIterator[Interposed]:
    """Somebody in the place of a socket, until the block ends; its owner listens under another name meanwhile.

    Whoever is connected already stays connected to the owner.
    """
    real = place.with_name(f"{place.name}.real")
    place.rename(real)
    between = Interposed(place, real)
    server = await asyncio.start_unix_server(between.take, place)
    ours = place.stat().st_ino
    try:
        yield between
    finally:
        server.close()
        between.mode = Mode.PASS
        between.hang_up()
        # An owner that was started anew has taken its place already.
        if place.exists() and place.stat().st_ino != ours:
            real.unlink(missing_ok=True)
        else:
            real.rename(place)
