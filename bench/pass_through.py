"""W1: a GET of 2 kB through the gateway, which checks the token, beside nginx, which does not, fastify, and no proxy.

The upstream is the barest FastAPI service under uvicorn, because no service of ours answers faster; then a bare ASGI
upstream several times as fast, under the same bar, which shows the gateway's own cost better. All proxies have one
worker process each, kept-open connections to the same unix socket, and write an access log.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bench.accounting import cpu_seconds
from bench.fastify_proxy import start_fastify
from bench.figures import Bar, Row, figure, per
from bench.load import Load, LoadResult, drive
from bench.nginx import start_nginx
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import Stand, free_port, uvicorn_program
from bench.tools import ToolFailed, ToolMissing
from onebox.stack import issuer_program
from onebox.supervisor import StartFailed

PATH = "/v1/registry/institutions/01990000-0000-7000-8000-000000000001"
CONNECTIONS = (1, 32, 128)
BUSY = 32
LEADS = {"nginx": Bar("lead", at_least=0.55, goal=0.85), "fastify": Bar("lead", at_least=2.0)}
ADDED = Bar("ours", at_most=2.0)


@dataclass(frozen=True)
class Ports:
    """The port of each side; a text with the reason for a peer that is not installed or does not start."""

    gateway: int
    direct: int
    peers: dict[str, int | str]


@dataclass(frozen=True)
class Sample:
    """One round of one side."""

    result: LoadResult
    cpu_per_request: float


async def measure_pass_through(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W1, as they are measured."""
    with progress.task("W1: gateway, nginx and upstream start"):
        ports = await _start(stand, "service")
    busy_rate = 0.0
    for connections in CONNECTIONS:
        title = _connections_text(connections)
        samples = await _rounds(stand, options, progress, ports, title, connections)
        for row in _rows(samples, ports, f"GET 2 kB, {title}"):
            yield row
        if connections == BUSY:
            busy_rate = max(sample.result.rate for sample in samples["gateway"])
    yield await _half_load(stand, options, progress, ports, busy_rate)
    await stand.stop_all()
    ports = await _start(stand, "bare")
    for connections in CONNECTIONS:
        title = f"{_connections_text(connections)}, bare ASGI upstream"
        samples = await _rounds(stand, options, progress, ports, title, connections)
        for row in _rows(samples, ports, f"GET 2 kB, {title}"):
            yield row


def _connections_text(connections: int) -> str:
    return f"{connections} connection{'s' * (connections > 1)}"


async def _rounds(
    stand: Stand,
    options: Options,
    progress: Progress,
    ports: Ports,
    title: str,
    connections: int,
    pause_ms: float = 0.0,
) -> dict[str, list[Sample]]:
    load = Load(0, [PATH], stand.headers("registry_editor"), connections, options.seconds, pause_ms)
    peers = {name: port for name, port in ports.peers.items() if isinstance(port, int)}
    places = {"direct": ports.direct, "gateway": ports.gateway, **peers}
    pids = {name: stand.pid(name) for name in places if name != "direct"}
    sides = {name: partial(_sample, replace(load, port=port), pids.get(name)) for name, port in places.items()}
    for port in places.values():
        await drive(replace(load, port=port, seconds=1))
    return await interleaved(progress, f"W1: {title}", options.rounds, sides)


async def _sample(load: Load, pid: int | None) -> Sample:
    before = cpu_seconds(pid) if pid else 0.0
    result = await drive(load)
    return Sample(result, ((cpu_seconds(pid) if pid else 0.0) - before) / result.requests)


def _rows(samples: dict[str, list[Sample]], ports: Ports, case: str) -> list[Row]:
    rates = {name: [sample.result.rate for sample in side] for name, side in samples.items()}
    cost = {name: figure([sample.cpu_per_request * 1e6 for sample in side], "µs") for name, side in samples.items()}
    ours, limit = figure(rates["gateway"], "req/s"), figure(rates["direct"], "req/s")
    share = per(rates["gateway"], rates["direct"])
    rows = []
    for peer, port_or_reason in ports.peers.items():
        if isinstance(port_or_reason, str):
            rows.append(Row("W1", peer, failure=port_or_reason))
            continue
        note = (
            f"limit: upstream without a proxy; gateway {cost['gateway'].median:.0f} µs CPU per request; "
            f"{peer} {figure(rates[peer], 'req/s').median:,.0f} req/s, {cost[peer].median:.0f} µs"
        )
        lead = per(rates["gateway"], rates[peer])
        beside = f"{case}, beside {peer}"
        rows.append(Row("W1", beside, ours, limit, share, lead, cost["gateway"], (LEADS[peer],), note=note))
    return rows


async def _half_load(stand: Stand, options: Options, progress: Progress, ports: Ports, full: float) -> Row:
    """The time that the gateway adds to the 99th percentile at half of its highest rate (`full`)."""
    pause = 1000 * BUSY / (full / 2)
    samples = await _rounds(stand, options, progress, ports, "half load", BUSY, pause)
    late = {name: [sample.result.p99 * 1000 for sample in side] for name, side in samples.items()}
    added = {
        name: [mine - bare for mine, bare in zip(late[name], late["direct"], strict=True)]
        for name in late
        if name != "direct"
    }
    rate = figure([sample.result.rate for sample in samples["gateway"]], "req/s").median
    note = f"at {rate:,.0f} req/s; without a proxy p99 is {figure(late['direct'], 'ms').median:.2f} ms"
    for peer in added.keys() & ports.peers.keys():
        note += f"; {peer} adds {figure(added[peer], 'ms').median:.2f} ms"
    return Row("W1", "added p99 at half load", figure(added["gateway"], "ms"), bars=(ADDED,), note=note)


async def _start(stand: Stand, kind: str) -> Ports:
    socket, direct = stand.stack.instance.sockets / "upstream.sock", free_port()
    like = issuer_program(stand.stack)
    port_flags, socket_flags = ("--host", "127.0.0.1", "--port", str(direct)), ("--uds", str(socket))
    on_port = uvicorn_program("upstream-port", f"bench.upstream:{kind}", *port_flags, ready_port=direct, like=like)
    on_socket = uvicorn_program(
        "upstream-socket", f"bench.upstream:{kind}", *socket_flags, ready_port=direct, like=like
    )
    await stand.supervisor.start(on_port)
    await stand.supervisor.start(on_socket)
    await stand.start_gateway(f"unix:{socket}")
    peers = {
        "nginx": await _try_start(start_nginx, stand, socket),
        "fastify": await _try_start(start_fastify, stand, socket),
    }
    return Ports(stand.stack.port, direct, peers)


async def _try_start(start: Callable[[Stand, Path], Awaitable[int]], stand: Stand, socket: Path) -> int | str:
    """The port of a peer, or why there is none."""
    try:
        return await start(stand, socket)
    except (ToolMissing, ToolFailed) as missing:
        return str(missing)
    except StartFailed:
        return "failed: it does not start"
