"""A file sent by the public API, from the first byte until its job has ended, and what it costs others meanwhile."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.accounting import watched_memory
from bench.calls import calling
from bench.client import probing
from bench.figures import Bar, Row, figure, per
from bench.stand import Service

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SECONDS_OF_QUIET = 4


@dataclass(frozen=True)
class Upload:
    """One import; memory in MB."""

    seconds: float
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
    async with calling(service, role) as caller, watched_memory(service.pid) as memory:
        started = time.perf_counter()
        job = await caller.send(path, file, kind)
        seconds = time.perf_counter() - started
    return Upload(seconds, memory.growth, memory.highest_of_children, job)


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


def others_row(workload: str, others: Sequence[tuple[float, float]]) -> Row:
    """How much slower the slow ones of the others become."""
    ratio = per([busy for _, busy in others], [quiet for quiet, _ in others])
    quiet, busy = (figure([pair[index] * 1000 for pair in others], "ms").median for index in (0, 1))
    note = f"p99 of a list: {quiet:.1f} ms in quiet, {busy:.1f} ms during an import"
    return Row(
        workload, "p99 of other requests", figure(ratio.samples, "×"), bars=(Bar("ours", at_most=2.0),), note=note
    )
