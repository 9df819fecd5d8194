"""W1: a GET of 2 kB through the gateway, which checks the token, beside nginx, which does not, and no proxy at all.

Behind them stands the barest service that FastAPI makes under uvicorn, for no service of ours answers faster; once more
an upstream several times as fast, under the same bar: there the gateway's own cost shows undiluted. Gateway and nginx
have one worker process each, kept-open connections to the same unix socket, and write an access log.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bench.accounting import cpu_seconds
from bench.figures import Bar, Row, figure, per
from bench.load import Answered, Load, drive
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import Stand, free_port, uvicorn_program
from bench.tools import ToolMissing, require_tool
from onebox.checks import answers_on_port
from onebox.processes import ending_with_parent
from onebox.stack import GATEWAY, issuer_program
from onebox.supervisor import Program, StartFailed

PATH = "/v1/registry/institutions/01990000-0000-7000-8000-000000000001"
CONNECTIONS = (1, 32, 128)
BUSY = 32
LEAD = Bar("lead", at_least=0.55, goal=0.85)
ADDED = Bar("ours", at_most=2.0)
NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.log warn;
{account}
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/nginx-requests.log combined buffer=64k flush=1s;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 100000000;
  upstream registry {{ server unix:{socket}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location / {{ proxy_pass http://registry; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""


@dataclass(frozen=True)
class Ports:
    """Where each side listens; `nginx` is None where it is not installed or does not start."""

    gateway: int
    direct: int
    nginx: int | None
    why_no_nginx: str


@dataclass(frozen=True)
class Sample:
    """One round of one side."""

    answered: Answered
    cpu_per_request: float


async def measure_pass_through(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W1, as they are measured."""
    with progress.task("W1: gateway, nginx and upstream start"):
        ports = await _start(stand, "service")
    busy_rate = 0.0
    for connections in CONNECTIONS:
        samples = await _rounds(stand, options, progress, ports, f"{connections} connections", connections)
        for row in _rows(samples, ports, f"GET 2 kB, {connections} connection{'s' * (connections > 1)}", (LEAD,)):
            yield row
        if connections == BUSY:
            busy_rate = max(sample.answered.rate for sample in samples["gateway"])
    yield await _half_load(stand, options, progress, ports, busy_rate)
    await stand.stop_all()
    ports = await _start(stand, "bare")
    samples = await _rounds(stand, options, progress, ports, "bare upstream", BUSY)
    for row in _rows(samples, ports, f"GET 2 kB, {BUSY} connections, bare ASGI upstream", (LEAD,)):
        yield row


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
    places = {"direct": ports.direct, "gateway": ports.gateway}
    if ports.nginx is not None:
        places["nginx"] = ports.nginx
    pids = {name: stand.pid(name) for name in places if name != "direct"}
    sides = {name: partial(_sample, replace(load, port=port), pids.get(name)) for name, port in places.items()}
    for name, port in places.items():
        await drive(replace(load, port=port, seconds=1))
        assert name in sides
    return await interleaved(progress, f"W1: {title}", options.rounds, sides)


async def _sample(load: Load, pid: int | None) -> Sample:
    before = cpu_seconds(pid) if pid else 0.0
    answered = await drive(load)
    return Sample(answered, ((cpu_seconds(pid) if pid else 0.0) - before) / answered.requests)


def _rows(samples: dict[str, list[Sample]], ports: Ports, case: str, bars: tuple[Bar, ...] = ()) -> list[Row]:
    rates = {name: [sample.answered.rate for sample in side] for name, side in samples.items()}
    cost = {name: figure([sample.cpu_per_request * 1e6 for sample in side], "µs") for name, side in samples.items()}
    ours, limit = figure(rates["gateway"], "req/s"), figure(rates["direct"], "req/s")
    share = per(rates["gateway"], rates["direct"])
    note = f"limit: upstream without a proxy; gateway {cost['gateway'].median:.0f} µs CPU per request"
    if "nginx" not in rates:
        return [
            Row("W1", case, ours, limit, share, cpu=cost["gateway"], note=note),
            Row("W1", "nginx", failure=ports.why_no_nginx),
        ]
    peer = figure(rates["nginx"], "req/s")
    note += f"; peer nginx {peer.median:,.0f} req/s, {cost['nginx'].median:.0f} µs"
    lead = per(rates["gateway"], rates["nginx"])
    return [Row("W1", case, ours, limit, share, lead, cost["gateway"], bars, note=note)]


async def _half_load(stand: Stand, options: Options, progress: Progress, ports: Ports, full: float) -> Row:
    """What the gateway adds to the 99th percentile when it does half of what it can."""
    pause = 1000 * BUSY / (full / 2)
    samples = await _rounds(stand, options, progress, ports, "half load", BUSY, pause)
    late = {name: [sample.answered.p99 * 1000 for sample in side] for name, side in samples.items()}
    added = {
        name: [mine - bare for mine, bare in zip(late[name], late["direct"], strict=True)]
        for name in late
        if name != "direct"
    }
    rate = figure([sample.answered.rate for sample in samples["gateway"]], "req/s").median
    note = f"at {rate:,.0f} req/s; without a proxy p99 is {figure(late['direct'], 'ms').median:.2f} ms"
    if "nginx" in added:
        note += f"; peer nginx adds {figure(added['nginx'], 'ms').median:.2f} ms"
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
    nginx, why = await _start_nginx(stand, socket)
    return Ports(stand.stack.port, direct, nginx, why)


async def _start_nginx(stand: Stand, socket: Path) -> tuple[int | None, str]:
    port, folder = free_port(), stand.folder / "nginx"
    folder.mkdir(exist_ok=True)
    account = "user root;" if os.geteuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(folder=folder, account=account, socket=socket, port=port))
    try:
        command = [str(require_tool("nginx")), "-p", str(folder), "-c", str(settings), "-e", str(folder / "start.log")]
        ready = answers_on_port(port, "/")
        program = Program("nginx", ending_with_parent(command, "QUIT"), {"PATH": os.defpath}, ready, rank=GATEWAY)
        await stand.supervisor.start(replace(program, seconds_to_ready=10, attempts=1))
    except ToolMissing as missing:
        return None, str(missing)
    except StartFailed:
        return None, "failed: nginx does not start"
    return port, ""
