"""W10: reference data that two hundred callers ask for at the same moment: the first waits for the service, all others
for it.

Beside it nginx with a cache and a lock, which checks no token. Ours keeps nothing once it has answered, so that nobody
reads what was true a while ago; who asks again names the ETag, and is told that nothing changed.
"""

import asyncio
import itertools
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
    """What came of one: milliseconds until the last one was answered, and how often the service was asked."""

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
    for name, each in {"read": load, "asked again by its ETag": again}.items():
        rates = await options.rounds.of(partial(drive, each))
        note = (
            f"p50 {figure([sample.p50 * 1000 for sample in rates], 'ms').median:.1f} ms, of which the service takes 50"
        )
        yield Row("W10", f"a county {name}, 8 callers", figure([sample.rate for sample in rates], "req/s"), note=note)


def _rows(samples: dict[str, list[Stampede]]) -> list[Row]:
    added = {
        name: figure([each.last_ms - REFERENCE_SECONDS * 1000 for each in side], "ms") for name, side in samples.items()
    }
    calls = {name: {each.calls for each in side} for name, side in samples.items()}
    beside = f"nginx adds {added['nginx'].median:.1f} ms, and asks {sorted(calls['nginx'])}" if "nginx" in added else ""
    most = figure([float(max(calls["gateway"]))], "calls")
    return [
        Row("W10", f"{CALLERS} at once, added to the last one", added["gateway"], bars=(ADDED,), note=beside),
        Row("W10", f"{CALLERS} at once, calls of the service", most, bars=(Bar("ours", at_most=1.0),)),
    ]


async def _stampede(port: int, socket: Path, headers: dict[str, str]) -> Stampede:
    """A county that nobody asked for before."""
    path = f"{COUNTIES}/{next(_numbers)}"
    limits = aiohttp.TCPConnector(limit=CALLERS)
    async with aiohttp.ClientSession(f"http://{HOST}:{port}", connector=limits, headers=headers) as session:

        async def ask(address: str) -> None:
            async with session.get(address) as answer:
                if answer.status != 200:
                    raise ToolFailed(f"a stampede was answered {answer.status}")
                await answer.read()

        # The connections are opened beforehand: all wait for another county.
        before = f"{COUNTIES}/{next(_numbers)}"
        await asyncio.gather(*(ask(before) for _ in range(CALLERS)))
        started = time.perf_counter()
        await asyncio.gather(*(ask(path) for _ in range(CALLERS)))
        last_ms = (time.perf_counter() - started) * 1000
    asking = aiohttp.UnixConnector(str(socket))
    async with aiohttp.ClientSession(connector=asking) as session, session.get(f"http://{HOST}/asked{path}") as answer:
        return Stampede(last_ms, int(await answer.text()))


async def _start(stand: Stand) -> Path:
    """The socket of the one upstream: a single process, which counts its calls."""
    socket = stand.stack.instance.sockets / "reference.sock"
    flags, like = ("--uds", str(socket)), issuer_program(stand.stack)
    program = uvicorn_program("reference", "bench.upstream:reference", *flags, ready_port=0, like=like)
    await stand.supervisor.start(replace(program, is_ready=answers_on_socket(socket, "/")))
    await stand.start_gateway(f"unix:{socket}")
    return socket
