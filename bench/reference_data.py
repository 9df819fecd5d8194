"""W10: reference data that two hundred callers ask for at the same moment: the gateway asks the service once, and all
callers get that answer.

Beside it nginx with a cache and a lock, which checks no token. Ours keeps nothing after the answer, so that no caller
gets old data; a caller that asks again sends the ETag, and gets 304 when nothing changed.
"""

import asyncio
import itertools
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import aiohttp

from bench.figures import Bar, Row, figure
from bench.load import Load, drive
from bench.nginx import start_nginx
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import HOST, Stand, uvicorn_program
from bench.tools import ToolFailed, ToolMissing
from bench.upstream import REFERENCE_SECONDS
from onebox.checks import answers_on_socket
from onebox.stack import issuer_program
from onebox.supervisor import StartFailed

CALLERS = 200
COUNTIES = "/v1/registry/counties"
ADDED = Bar("ours", at_most=10.0)
CACHE = "proxy_cache_path {folder} keys_zone=data:1m;"
CACHED = "proxy_cache data; proxy_cache_lock on; proxy_cache_valid 200 1m; proxy_ignore_headers Cache-Control Vary;"
_numbers = itertools.count(1000)


class Stampede(NamedTuple):
    """One stampede: milliseconds until the last caller was answered, and how often the service was asked."""

    last_ms: float
    calls: int


async def measure_reference_data(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W10, as they are measured."""
    with progress.task("W10: gateway, nginx and upstream start"):
        socket = await _start(stand)
        places: dict[str, int] = {"gateway": stand.stack.port}
        failure = ""
        try:
            cache = CACHE.format(folder=stand.folder / "cache")
            places["nginx"] = await start_nginx(stand, socket, settings=cache, proxying=CACHED)
        except (ToolMissing, StartFailed) as missing:
            failure = str(missing)
    headers = stand.headers("registry_editor")
    sides = {name: partial(_stampede, port, socket, headers) for name, port in places.items()}
    for side in sides.values():
        await side()
    samples = await interleaved(progress, "W10: all at once", options.rounds, sides)
    for row in _rows(samples):
        yield row
    if failure:
        yield Row("W10", "nginx", failure=failure)
    load = Load(stand.stack.port, [f"{COUNTIES}/2469"], headers, 8, options.seconds)
    again = Load(load.port, load.paths, {**headers, "If-None-Match": '"upstream:1"'}, 8, options.seconds)
    for name, requests in {"read": load, "asked again by its ETag": again}.items():
        rates = await options.rounds.of(partial(drive, requests))
        note = (
            f"p50 {figure([sample.p50 * 1000 for sample in rates], 'ms').median:.1f} ms, of which the service takes 50"
        )
        yield Row("W10", f"a county {name}, 8 callers", figure([sample.rate for sample in rates], "req/s"), note=note)


def _rows(samples: dict[str, list[Stampede]]) -> list[Row]:
    added = {
        name: figure([sample.last_ms - REFERENCE_SECONDS * 1000 for sample in side], "ms")
        for name, side in samples.items()
    }
    calls = {name: {sample.calls for sample in side} for name, side in samples.items()}
    beside = f"nginx adds {added['nginx'].median:.1f} ms, and asks {sorted(calls['nginx'])}" if "nginx" in added else ""
    most = figure([float(max(calls["gateway"]))], "calls")
    return [
        Row("W10", f"{CALLERS} at once, added to the last one", added["gateway"], bars=(ADDED,), note=beside),
        Row("W10", f"{CALLERS} at once, calls of the service", most, bars=(Bar("ours", at_most=1.0),)),
    ]


class Waiting(asyncio.Protocol):
    """A caller with an open connection, which does as little as possible, so that its own time is not measured."""

    def __init__(self) -> None:
        self._received = b""
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: connected."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def ask(self, request: bytes) -> "asyncio.Future[None]":
        """Send the request; the future is done when the whole answer has arrived."""
        assert self._transport is not None
        self._received, self.answered = b"", asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self.answered

    def data_received(self, data: bytes) -> None:
        """asyncio: a part of the answer."""
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if not separator or (length and len(body) < int(length[1])):
            return
        if head.startswith(b"HTTP/1.1 200") and length:
            self.answered.set_result(None)
        else:
            self.answered.set_exception(ToolFailed(f"a stampede was answered {head[:12].decode()}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the connection is closed."""
        if not self.answered.done():
            self.answered.set_exception(exc or ToolFailed("a stampede was cut off"))

    def close(self) -> None:
        """Close the connection."""
        assert self._transport is not None
        self._transport.close()


async def _stampede(port: int, socket: Path, headers: dict[str, str]) -> Stampede:
    """All callers ask for one county at once, which no request has named before."""
    loop = asyncio.get_running_loop()
    callers = [(await loop.create_connection(Waiting, HOST, port))[1] for _ in range(CALLERS)]
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    # At first all ask for another county, so that every connection is in use.
    last_ms = 0.0
    for path in (f"{COUNTIES}/{next(_numbers)}", f"{COUNTIES}/{next(_numbers)}"):
        request = f"GET {path} HTTP/1.1\r\nhost: {HOST}:{port}\r\n{lines}\r\n".encode()
        started = time.perf_counter()
        await asyncio.gather(*(caller.ask(request) for caller in callers))
        last_ms = (time.perf_counter() - started) * 1000
    for caller in callers:
        caller.close()
    connector = aiohttp.UnixConnector(str(socket))
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.get(f"http://{HOST}/asked{path}") as answer,
    ):
        return Stampede(last_ms, int(await answer.text()))


async def _start(stand: Stand) -> Path:
    """Start the upstream, a single process that counts its calls, and the gateway; returns the upstream's socket."""
    socket = stand.stack.instance.sockets / "reference.sock"
    flags, like = ("--uds", str(socket)), issuer_program(stand.stack)
    program = uvicorn_program("reference", "bench.upstream:reference", *flags, ready_port=0, like=like)
    await stand.supervisor.start(replace(program, is_ready=answers_on_socket(socket, "/")))
    await stand.start_gateway(f"unix:{socket}")
    return socket
