"""A file sent by the public API, from the first byte until its job has ended, and what it costs others meanwhile."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.accounting import cpu_seconds, watched_memory
from bench.calls import calling
from bench.client import probing
from bench.figures import Bar, Figure, Row, figure, per
from bench.stand import Service

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SECONDS_OF_QUIET = 4


@dataclass(frozen=True)
class Upload:
    """One import; memory in MB, processor time of the service and of PostgreSQL in seconds."""

    seconds: float
    cpu: float
    growth: float
    parser: float
    job: Mapping[str, Any]

    @property
    def result(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.job["result"]
        return found


async def upload(service: Service, role: str, path: str, file: Path) -> Upload:
    """Send a file and wait for its job."""
    kind = XLSX if file.suffix == ".xlsx" else "text/csv"
    pids = service.pid, service.stand.pid("postgres")
    before = sum(map(cpu_seconds, pids))
    async with calling(service, role) as caller, watched_memory(service.pid) as memory:
        started = time.perf_counter()
        job = await caller.send(path, file, kind)
        seconds = time.perf_counter() - started
    cpu = sum(map(cpu_seconds, pids)) - before
    return Upload(seconds, cpu, memory.growth, memory.highest_of_children, job)


async def others_meanwhile(
    service: Service, path: str, role: str, work: Callable[[], Awaitable[object]]
) -> tuple[float, float]:
    """The 99th percentile (seconds) of another request, in quiet and while something is done."""
    headers = service.stand.headers(role)
    async with probing(service.port, path, headers) as quiet:
        await asyncio.sleep(SECONDS_OF_QUIET)
    async with probing(service.port, path, headers) as busy:
        await work()
    return quantiles(quiet, n=100)[98], quantiles(busy, n=100)[98]


def memory_row(workload: str, sides: Sequence[Sequence[Upload]]) -> Row:
    """The highest growth of any run in each round."""
    growth = [max(uploads) for uploads in zip(*([each.growth for each in side] for side in sides), strict=True)]
    parser = max(each.parser for side in sides for each in side)
    note = f"the parser is a process of its own that ends with the job: at most {parser:.0f} MB"
    title, bar = "growth of the service's memory", Bar("ours", at_most=100)
    return Row(workload, title, figure(growth, "MB"), bars=(bar,), note=note)


def cpu_of(uploads: Sequence[Upload]) -> Figure:
    """The processor time of one import in each round."""
    return figure([each.cpu * 1e6 for each in uploads], "µs")


def others_rows(workload: str, others: Sequence[tuple[float, float]]) -> list[Row]:
    """How slow the slow ones of the others are, in quiet and meanwhile, and how much slower they become."""
    quiet, busy = ([pair[index] * 1000 for pair in others] for index in (0, 1))
    bar = Bar("ours", at_most=2.0)
    return [
        Row(workload, "p99 of other requests", figure(per(busy, quiet).samples, "×"), bars=(bar,)),
        Row(workload, "p99 of a list in quiet", figure(quiet, "ms")),
        Row(workload, "p99 of a list during an import", figure(busy, "ms")),
    ]
