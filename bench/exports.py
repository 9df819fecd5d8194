"""W8: institutions and screenings as files, beside `\\copy … to` by psql, and beside the workbook library on tuples
that are ready.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import institutions, screenings
from bench.accounting import cpu_seconds, watched_memory
from bench.calls import calling
from bench.campaigns import open_campaign
from bench.client import Download, download
from bench.figures import Bar, Row, beside_limit, figure
from bench.instruments import LONG
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import REGISTRY, SCREENING, Service, Stand
from bench.tools import run_tool

NUMBER = 300_000
MOST_ROUNDS = 3
FIRST_BYTE = Bar("ours", at_most=50)
GROWTH = Bar("ours", at_most=32)
_COPY = """
SET app.counties = '*';
\\copy (SELECT {fields} FROM {table} WHERE {which}) TO '/dev/null' WITH (FORMAT csv, HEADER true)
"""


@dataclass(frozen=True)
class Export:
    """An export: its list and service, the role of the caller, and the filter of its workbook."""

    name: str
    service: str
    role: str
    which: str
    in_workbook: str
    of_300k: int
    fill: Callable[[Service, int], Awaitable[None]]

    @property
    def address(self) -> str:
        return f"/v1/{self.service}/{self.name}"


async def _fill_screenings(screening: Service, number: int) -> None:
    await screenings.fill(screening, await open_campaign(screening, LONG), number)


EXPORTS = (
    Export(
        "institutions",
        REGISTRY,
        "registry_editor",
        "coalesce(opened_on <= current_date, true) AND coalesce(closed_on > current_date, true)",
        "type=nursery",
        institutions.NURSERIES_OF_300K,
        institutions.fill,
    ),
    Export(
        "screenings",
        SCREENING,
        "early_screening_coordinator",
        "true",
        "informant=teacher",
        screenings.OF_TEACHERS_OF_300K,
        _fill_screenings,
    ),
)


@dataclass(frozen=True)
class Sample:
    """One export."""

    seconds: float
    cpu: float = 0.0
    download: Download | None = None
    growth: float = 0.0
    writer: float = 0.0


async def measure_exports(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W8, as they are measured."""
    for export in EXPORTS:
        async for row in _of_one(stand, options, progress, export):
            yield row
        await stand.stop(export.service)


async def _of_one(stand: Stand, options: Options, progress: Progress, export: Export) -> AsyncIterator[Row]:
    number, name = options.amount(NUMBER), export.name
    with progress.task(f"W8: {export.service} starts, table of {name} is filled"):
        service = await stand.start(export.service)
        await export.fill(service, number)
        rows = await _dump(service, export, stand.folder / "rows.csv")
    rounds, in_workbook = options.rounds.at_most(MOST_ROUNDS), options.amount(export.of_300k)
    ours = partial(_ours, service, export.role)
    fields = rows.read_text(encoding="utf-8").partition("\n")[0]
    limit = partial(_copy, service, export, fields)
    sides = {"ours": partial(ours, f"{export.address}?format=csv"), "limit": limit}
    text = await interleaved(progress, f"W8: CSV of {name}", rounds, sides)
    yield _share_row(f"CSV, {number:,} {name}", text, Bar("share", at_least=0.5, goal=0.7))
    yield _first_byte_row(name, text["ours"])
    yield _memory_row(f"CSV of {name}", text["ours"])
    path = f"{export.address}?format=xlsx&{export.in_workbook}"
    sides = {"ours": partial(ours, path), "limit": partial(_workbook, rows)}
    workbook = await interleaved(progress, f"W8: XLSX of {name}", rounds, sides)
    yield _share_row(f"XLSX, {in_workbook:,} {name}", workbook, Bar("share", at_least=0.5, goal=0.8))
    yield _memory_row(f"XLSX of {name}", workbook["ours"])


async def _ours(service: Service, role: str, path: str) -> Sample:
    pids = service.pid, service.stand.pid("postgres")
    before = sum(map(cpu_seconds, pids))
    async with watched_memory(service.pid) as memory:
        answer = await download(service.port, path, service.stand.headers(role))
    cpu = sum(map(cpu_seconds, pids)) - before
    return Sample(answer.seconds, cpu, answer, memory.growth, memory.highest_of_children)


async def _dump(service: Service, export: Export, file: Path) -> Path:
    """Write the rows of the workbook, as the service exports them in CSV, to the file; the first line is the header."""
    async with calling(service, export.role) as caller:
        lines = await caller.lines(f"/{export.name}?format=csv&{export.in_workbook}")
    await asyncio.to_thread(file.write_text, "\n".join(lines) + "\n", encoding="utf-8")
    return file


async def _copy(service: Service, export: Export, fields: str) -> Sample:
    script = _COPY.format(fields=fields, table=export.name, which=export.which)
    started = time.perf_counter()
    await service.run_client("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", stdin=script)
    return Sample(time.perf_counter() - started)


async def _workbook(rows: Path) -> Sample:
    return Sample(float((await run_tool([sys.executable, "-m", "bench.workbooks", "write", rows])).output))


def _share_row(case: str, samples: dict[str, list[Sample]], bar: Bar) -> Row:
    ours, limit = ([sample.seconds for sample in samples.get(name, [])] for name in ("ours", "limit"))
    cpu = figure([sample.cpu * 1e6 for sample in samples["ours"]], "µs")
    size = max(sample.download.size for sample in samples["ours"] if sample.download)
    note = f"{size / 1e6:.1f} MB"
    return beside_limit(Row("W8", case, figure(ours, "s"), cpu=cpu, bars=(bar,), note=note), limit)


def _first_byte_row(name: str, samples: list[Sample]) -> Row:
    first = [sample.download.first_byte * 1000 for sample in samples if sample.download]
    return Row("W8", f"first byte of the CSV of {name}", figure(first, "ms"), bars=(FIRST_BYTE,))


def _memory_row(name: str, samples: list[Sample]) -> Row:
    growth = figure([sample.growth for sample in samples], "MB")
    writer = max(sample.writer for sample in samples)
    note = f"the writer is a process of its own that ends with the export: at most {writer:.0f} MB" if writer else ""
    return Row("W8", f"growth of the service's memory, {name}", growth, bars=(GROWTH,), note=note)
