"""A file sent by the public API, from the first byte until its job has ended, and how it slows other requests."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path
from statistics import quantiles
from typing import Any, NamedTuple

from bench.accounting import cpu_seconds, watched_memory
from bench.calls import calling
from bench.client import probing
from bench.figures import Bar, Figure, Row, figure, per
from bench.stand import Service
from services.chassis.transfer.parser import NICENESS

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
        content: Mapping[str, Any] = self.job["result"]
        return content


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


class Others(NamedTuple):
    """The 99th percentile of another request in seconds: in quiet, beside busy processes, beside the work."""

    quiet: float
    counting: float
    busy: float


async def others_meanwhile(service: Service, path: str, role: str, work: Callable[[], Awaitable[object]]) -> Others:
    """Measure another request in quiet, while all processors are merely busy, and while `work` runs."""
    headers = service.stand.headers(role)
    async with probing(service.port, path, headers) as quiet:
        await asyncio.sleep(SECONDS_OF_QUIET)
    async with counting_processes(), probing(service.port, path, headers) as counting:
        await asyncio.sleep(SECONDS_OF_QUIET)
    async with probing(service.port, path, headers) as busy:
        await work()
    return Others(*(quantiles(durations, n=100)[98] for durations in (quiet, counting, busy)))


@asynccontextmanager
async def counting_processes() -> AsyncIterator[None]:
    """For each processor a process in a busy loop, at the priority of an import's parser."""
    count = (sys.executable, "-c", "while True: pass")
    processes = [
        await asyncio.create_subprocess_exec("nice", "-n", str(NICENESS), *count) for _ in range(cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            await process.wait()


def memory_row(workload: str, sides: Sequence[Sequence[Upload]]) -> Row:
    """The highest growth of any run in each round."""
    growth = [max(uploads) for uploads in zip(*([run.growth for run in side] for side in sides), strict=True)]
    parser = max(run.parser for side in sides for run in side)
    note = f"the parser is a process of its own that ends with the job: at most {parser:.0f} MB"
    title, bar = "growth of the service's memory", Bar("ours", at_most=100)
    return Row(workload, title, figure(growth, "MB"), bars=(bar,), note=note)


def cpu_of(uploads: Sequence[Upload]) -> Figure:
    """The processor time of one import in each round."""
    return figure([run.cpu * 1e6 for run in uploads], "µs")


def others_rows(workload: str, what: str, others: Sequence[Others]) -> list[Row]:
    """The 99th percentile of another request (`what`) in quiet and during an import, and the ratio of both.

    The limit is the machine's: the same ratio when all its processors are merely busy.
    """
    quiet, counting, busy = ([sample[index] * 1000 for sample in others] for index in range(3))
    slower, limit = figure(per(busy, quiet).samples, "×"), figure(per(counting, quiet).samples, "×")
    note = "limit: the same beside processes that only count, one for each processor"
    bar = Bar("ours", at_most=2.0)
    return [
        Row(
            workload,
            f"p99 of {what} during an import, against quiet",
            slower,
            limit,
            per(counting, busy),
            bars=(bar,),
            note=note,
        ),
        Row(workload, f"p99 of {what} in quiet", figure(quiet, "ms")),
        Row(workload, f"p99 of {what} during an import", figure(busy, "ms")),
    ]
