"""W8: institutions as files, beside `\\copy … to` by psql, and beside the workbook library on tuples that are ready."""

import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from bench.accounting import watched_memory
from bench.client import Download, download
from bench.figures import Bar, Row, figure, per
from bench.institutions import NURSERIES_OF_300K, fill
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import REGISTRY, Stand
from bench.tools import run_tool

NUMBER = 300_000
CSV = "/v1/registry/institutions?format=csv"
WORKBOOK = "/v1/registry/institutions?format=xlsx&type=nursery"
MOST_ROUNDS = 3
FIRST_BYTE = Bar("ours", at_most=50)
GROWTH = Bar("ours", at_most=32)
_COPY = """\\copy (SELECT id, version, name, type, sector, ownership, reference_level, county_terc, commune_terc, \
locality, street, building, unit, postcode, post_office, latitude, longitude, phone, email, website, rspo, regon, nip, \
krs, running_body, places, enrolled, is_accessible, accessibility, opened_on, closed_on, closing_reason, source, \
source_key, valid_from, changed_at FROM institutions WHERE coalesce(opened_on <= current_date, true) \
AND coalesce(closed_on > current_date, true)) TO '/dev/null' WITH (FORMAT csv, HEADER true)
"""


@dataclass(frozen=True)
class Sample:
    """One export."""

    seconds: float
    download: Download | None = None
    growth: float = 0.0
    writer: float = 0.0


async def measure_exports(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W8, as they are measured."""
    number = options.amount(NUMBER)
    with progress.task("W8: registry starts, table is filled"):
        await stand.start_registry()
        await fill(stand, number)
    rounds, nurseries = min(options.rounds, MOST_ROUNDS), options.amount(NURSERIES_OF_300K)
    sides = {"ours": partial(_ours, stand, CSV), "limit": partial(_copy, stand)}
    text = await interleaved(progress, "W8: CSV", rounds, sides)
    yield _share_row(f"CSV, {number:,} rows", text, Bar("share", at_least=0.5, goal=0.7))
    yield _first_byte_row(text["ours"])
    yield _memory_row("CSV", text["ours"])
    sides = {"ours": partial(_ours, stand, WORKBOOK), "limit": partial(_workbook, nurseries)}
    workbook = await interleaved(progress, "W8: XLSX", rounds, sides)
    yield _share_row(f"XLSX, {nurseries:,} rows", workbook, Bar("share", at_least=0.5, goal=0.8))
    yield _memory_row("XLSX", workbook["ours"])


async def _ours(stand: Stand, path: str) -> Sample:
    async with watched_memory(stand.pid(REGISTRY)) as memory:
        found = await download(stand.registry_port, path, stand.headers("registry_editor"))
    return Sample(found.seconds, found, memory.growth, memory.highest_of_children)


async def _copy(stand: Stand) -> Sample:
    started = time.perf_counter()
    await stand.run_client("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", given=_COPY)
    return Sample(time.perf_counter() - started)


async def _workbook(number: int) -> Sample:
    ran = await run_tool([sys.executable, "-m", "bench.workbooks", "write", str(number)])
    return Sample(float(ran.output))


def _share_row(case: str, samples: dict[str, list[Sample]], bar: Bar) -> Row:
    ours, limit = ([sample.seconds for sample in samples[name]] for name in ("ours", "limit"))
    size = max(sample.download.size for sample in samples["ours"] if sample.download)
    note = f"{size / 1e6:.0f} MB"
    return Row("W8", case, figure(ours, "s"), figure(limit, "s"), per(limit, ours), bars=(bar,), note=note)


def _first_byte_row(samples: list[Sample]) -> Row:
    first = [sample.download.first_byte * 1000 for sample in samples if sample.download]
    return Row("W8", "first byte of the CSV", figure(first, "ms"), bars=(FIRST_BYTE,))


def _memory_row(name: str, samples: list[Sample]) -> Row:
    growth = figure([sample.growth for sample in samples], "MB")
    writer = max(sample.writer for sample in samples)
    note = f"the writer is a process of its own that ends with the export: at most {writer:.0f} MB" if writer else ""
    return Row("W8", f"growth of the service's memory, {name}", growth, bars=(GROWTH,), note=note)
