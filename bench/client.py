"""A minimal HTTP client: a probe that asks again and again, and a download that discards the body."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.stand import HOST
from bench.tools import ToolFailed

PROBE_PAUSE = 0.01


@dataclass(frozen=True)
class Download:
    """One answer that was read to its end; times in seconds from the start of the connection."""

    first_byte: float
    seconds: float
    size: int


def _request(path: str, headers: Mapping[str, str], connection: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: {connection}\r\n{lines}\r\n".encode()


async def download(port: int, path: str, headers: Mapping[str, str]) -> Download:
    """Read an answer of any length; `first_byte` is the time of the body's first byte. ToolFailed if incomplete."""
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection(HOST, port, limit=1_048_576)
    try:
        writer.write(_request(path, headers, "close"))
        head = await reader.readuntil(b"\r\n\r\n")
        piece = await reader.read(262_144)
        first, size, end = time.perf_counter() - started, 0, b""
        while piece:
            size, end = size + len(piece), (end + piece)[-5:]
            piece = await reader.read(262_144)
    finally:
        writer.close()
    if b" 200 " not in head[:20] or (b"chunked" in head and end != b"0\r\n\r\n"):
        raise ToolFailed(f"the download of {path.partition('?')[0]} failed: {head[:20].decode(errors='replace')}")
    return Download(first, time.perf_counter() - started, size)


@asynccontextmanager
async def probing(
    port: int, path: str, headers: Mapping[str, str], pause: float = PROBE_PAUSE
) -> AsyncIterator[list[float]]:
    """Send the same request again and again until the end of the block, with short pauses; yields the list of seconds
    that each one took.
    """
    durations: list[float] = []
    reader, writer = await asyncio.open_connection(HOST, port, limit=1_048_576)
    request = _request(path, headers, "keep-alive")

    async def ask() -> None:
        while True:
            started = time.perf_counter()
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            assert b" 200 " in head[:20]
            durations.append(time.perf_counter() - started)
            await asyncio.sleep(pause)

    task = asyncio.create_task(ask())
    try:
        yield durations
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        writer.close()
