"""W2: a view through the gateway, beside its slowest part requested directly.

A county's view has seven parts of four services, all answered by one upstream: screening takes 20 ms, training fails,
the others answer at once. The time that the gateway adds to the slowest part is the time to request all parts at once,
to read, check and join their answers, and to name the parts that failed.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial

from bench.accounting import cpu_seconds
from bench.figures import Bar, Row, figure
from bench.load import Load, LoadResult, drive
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import CASEWORK, REGISTRY, SCREENING, TRAINING, Stand, free_port, uvicorn_program
from onebox.stack import issuer_program

VIEW = "/v1/views/counties/2469"
SLOWEST_LEG = "/v1/screening/campaign-coverage?county_terc=2469"
CONNECTIONS = (1, 8)
P50, P99 = Bar("ours", at_most=2.0), Bar("ours", at_most=5.0)


@dataclass(frozen=True)
class Sample:
    """One round of one side."""

    result: LoadResult
    cpu_per_request: float


async def measure_views(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W2, as they are measured."""
    with progress.task("W2: gateway and upstream start"):
        direct = await _start(stand)
    loads = {
        "view": Load(stand.stack.port, [VIEW], stand.headers("county_coordinator"), 1, options.seconds),
        "leg": Load(direct, [SLOWEST_LEG], {}, 1, options.seconds),
    }
    for connections in CONNECTIONS:
        loads = {name: replace(load, connections=connections) for name, load in loads.items()}
        for load in loads.values():
            await drive(replace(load, seconds=1))
        sides = {name: partial(_sample, stand, load) for name, load in loads.items()}
        title = f"W2: {connections} connection{'s' * (connections > 1)}"
        samples = await interleaved(progress, title, options.rounds, sides)
        # With several connections the parts of several views share one processor: only one is held to the bar.
        for row in _rows(samples, connections, is_held=connections == 1):
            yield row


async def _sample(stand: Stand, load: Load) -> Sample:
    pid = stand.pid("gateway")
    before = cpu_seconds(pid)
    result = await drive(load)
    return Sample(result, (cpu_seconds(pid) - before) / result.requests)


def _rows(samples: dict[str, list[Sample]], connections: int, *, is_held: bool) -> list[Row]:
    cpu = figure([sample.cpu_per_request * 1e6 for sample in samples["view"]], "µs")
    rows = []
    for name, bar in (("p50", P50), ("p99", P99)):
        times = {side: [getattr(sample.result, name) * 1000 for sample in of_side] for side, of_side in samples.items()}
        added = [ours - leg for ours, leg in zip(times["view"], times["leg"], strict=True)]
        rate = figure([sample.result.rate for sample in samples["view"]], "req/s").median
        note = (
            f"view {figure(times['view'], 'ms').median:.2f} ms, slowest leg directly"
            f" {figure(times['leg'], 'ms').median:.2f} ms; {rate:,.0f} views/s"
        )
        case = f"added {name}, 7 parts, one slow and two refused, {connections} at once"
        bars = (bar,) if is_held else ()
        rows.append(Row("W2", case, figure(added, "ms"), cpu=cpu, bars=bars, note=note))
    return rows


async def _start(stand: Stand) -> int:
    """Start the upstream and the gateway; returns the port of the upstream."""
    socket, direct = stand.stack.instance.sockets / "parts.sock", free_port()
    like = issuer_program(stand.stack)
    for name, flags in {
        "parts-port": ("--host", "127.0.0.1", "--port", str(direct)),
        "parts-socket": ("--uds", str(socket)),
    }.items():
        program = uvicorn_program(name, "bench.upstream:parts", *flags, ready_port=direct, like=like)
        await stand.supervisor.start(program)
    await stand.start_gateway(f"unix:{socket}", REGISTRY, SCREENING, CASEWORK, TRAINING)
    return direct
