"""One operation again and again, by several clients: ours over HTTP, its limit as a transaction of pgbench.

The processor time counts, for ours, the service and PostgreSQL, and for the limit pgbench and PostgreSQL; the program
that makes the HTTP load is not counted.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from statistics import median

from bench.accounting import cpu_seconds
from bench.figures import Bar, Figure, Row, beside_limit, figure, per
from bench.load import Load, drive
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import Service
from bench.tools import ToolFailed

CLIENTS_A_SECOND = 8  # of pgbench: each prepares every statement anew, and that must not dominate the result
_LATENCY = re.compile(r"latency average = ([0-9.]+) ms")
_DONE = re.compile(r"transactions actually processed: ([0-9]+)")
_FAILED = re.compile(r"number of failed transactions: ([1-9][0-9]*)")


@dataclass(frozen=True)
class Transaction:
    """The script that pgbench runs, the values of its variables, and settings of its sessions."""

    sql: str
    mode: str = "prepared"
    variables: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""


@dataclass(frozen=True)
class Sample:
    """One round of one side; seconds of one operation at one client, and how many there were."""

    seconds: float
    p50: float
    p95: float
    cpu: float
    operations: int


async def ask(service: Service, load: Load) -> Sample:
    """Our side: a load over HTTP."""
    pids = service.pid, service.stand.pid("postgres")
    before = sum(map(cpu_seconds, pids))
    result = await drive(load)
    cpu = sum(map(cpu_seconds, pids)) - before
    if load.bodies:
        await service.settle()  # requests still running at the end of the load would slow down the next measurement
    seconds, done = load.connections / result.rate, result.requests
    return Sample(seconds, result.p50, result.p95, cpu / done, done)


async def transact(service: Service, transaction: Transaction, clients: int, seconds: float) -> Sample:
    """The limit: the same by pgbench, without HTTP, service and checks."""
    script = service.stand.folder / "transaction.sql"
    script.write_text(transaction.sql)
    before = cpu_seconds(service.stand.pid("postgres"))
    seconds = max(seconds, clients / CLIENTS_A_SECOND)
    arguments = ["-n", "-M", transaction.mode, "-c", str(clients), "-j", "1", "-T", str(round(seconds))]
    defines = [f"--define={name}={value}" for name, value in transaction.variables.items()]
    result = await service.run_client("pgbench", *arguments, *defines, "-f", script, settings=transaction.settings)
    await asyncio.sleep(0.1)  # until PostgreSQL has counted its ended backends
    cpu = cpu_seconds(service.stand.pid("postgres")) - before + result.cpu_seconds
    latency, done = _LATENCY.search(result.output), _DONE.search(result.output)
    if latency is None or done is None or _FAILED.search(result.output) or not int(done[1]):
        message = " ".join(result.output.split())[-300:]
        raise ToolFailed(f"pgbench carried out no transaction, or not all of them: {message}")
    seconds_each = float(latency[1]) / 1000
    return Sample(seconds_each, seconds_each, 0.0, cpu / int(done[1]), int(done[1]))


async def beside(
    service: Service, options: Options, progress: Progress, title: str, load: Load, transaction: Transaction
) -> dict[str, list[Sample]]:
    """Ours and the limit at equal clients, round by round."""
    await ask(service, replace(load, seconds=1))
    sides = {
        "ours": partial(ask, service, load),
        "limit": partial(transact, service, transaction, load.connections, options.seconds),
    }
    return await interleaved(progress, title, options.rounds, sides)


def share_row(
    workload: str, title: str, clients: int, samples: Mapping[str, Sequence[Sample]], bars: tuple[Bar, ...]
) -> Row:
    """The row of ours beside the limit, where it was measured; the share is of time, and so of rates."""
    ours, limit = samples["ours"], samples.get("limit", ())
    cpu = figure([sample.cpu * 1e6 for sample in ours], "µs")
    notes = [f"{clients / median(sample.seconds for sample in ours):,.0f}/s", f"CPU {cpu.median:,.0f} µs"]
    if limit:
        spent = median(sample.cpu for sample in limit) * 1e6
        share = per([sample.cpu for sample in limit], [sample.cpu for sample in ours]).median
        rate = clients / median(sample.seconds for sample in limit)
        notes = [f"{notes[0]}, limit {rate:,.0f}/s"]
        notes += [f"CPU per operation {cpu.median:,.0f} µs, limit {spent:,.0f} µs: share {share:.2f}"]
    notes.append(f"p95 {median(sample.p95 for sample in ours) * 1e3:.1f} ms")
    row = Row(workload, title, milliseconds(ours), cpu=cpu, bars=bars, note="; ".join(notes))
    return beside_limit(row, [sample.seconds for sample in limit])


def milliseconds(samples: Sequence[Sample]) -> Figure:
    """The time of one operation in each round."""
    return figure([sample.seconds * 1000 for sample in samples], "ms")
