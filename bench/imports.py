"""W7: 50,000 institutions from a file by the public API, from the first byte sent until the job has ended.

Beside it psql copies the same CSV into a staging table and merges it with history, events and audit; an XLSX file is
only read, by the library that we use as well. Three runs: all rows new, 30 % of them changed, the same file again.
"""

import asyncio
import csv
import sys
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx

from bench.accounting import watched_memory
from bench.client import probing
from bench.figures import Bar, Row, figure, per
from bench.institutions import HEADER, fill, rows
from bench.options import Options
from bench.progress import Progress
from bench.stand import HOST, REGISTRY, Stand
from bench.tools import ToolFailed, run_tool
from bench.workbooks import write_workbook

ADDRESS = "/v1/registry/institution-imports?format=generic&system=bench"
OTHERS = "/v1/registry/institutions?limit=20"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBER, CHANGED_SHARE = 50_000, 0.3
MOST_ROUNDS = 3
POLL_SECONDS = 0.03
SHARE = Bar("share", at_least=0.5)
RUNS = ("new", "changed", "again")


@dataclass(frozen=True)
class Sample:
    """One import; memory in MB."""

    seconds: float
    growth: float
    parser: float


@dataclass(frozen=True)
class Files:
    """The same institutions as files: as they are first, and with 30 % of them changed."""

    number: int
    first: Path
    changed: Path
    workbook: Path


async def measure_imports(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W7."""
    with progress.task("W7: registry starts, files are made"):
        await stand.start_registry()
        files = await asyncio.to_thread(_make_files, stand.folder, options.amount(NUMBER))
    rounds = min(options.rounds, MOST_ROUNDS)
    ours: dict[str, list[Sample]] = {name: [] for name in (*RUNS, "workbook")}
    limit: dict[str, list[float]] = {name: [] for name in ours}
    with progress.task("W7: imports and their limits", rounds * 2) as advance:
        for number in range(rounds):
            for side in (_ours, _limits) if number % 2 == 0 else (_limits, _ours):
                await side(stand, files, ours, limit)
                advance()
    for row in (*_csv_rows(files, ours, limit), *_workbook_rows(files, ours, limit), _memory_row(ours)):
        yield row
    with progress.task("W7: other requests meanwhile"):
        yield _others_row([await _others(stand, files) for _ in range(rounds)])


def _make_files(folder: Path, number: int) -> Files:
    files = Files(number, folder / "first.csv", folder / "changed.csv", folder / "first.xlsx")
    for path, share in ((files.first, 0.0), (files.changed, CHANGED_SHARE)):
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(rows(number, changed_share=share))
    write_workbook(files.workbook, HEADER, rows(number))
    return files


async def _ours(stand: Stand, files: Files, ours: dict[str, list[Sample]], _: dict[str, list[float]]) -> None:
    await fill(stand, 0)
    for name, path in zip(RUNS, (files.first, files.changed, files.changed), strict=True):
        ours[name].append(await _import(stand, path, files.number, name))
    await fill(stand, 0)
    ours["workbook"].append(await _import(stand, files.workbook, files.number, "new"))


async def _limits(stand: Stand, files: Files, _: dict[str, list[Sample]], limit: dict[str, list[float]]) -> None:
    await fill(stand, 0)
    script = Path(__file__).with_name("merge.sql").read_text(encoding="utf-8")
    for name, path in zip(RUNS, (files.first, files.changed, files.changed), strict=True):
        started = time.perf_counter()
        await stand.run_client("psql", "-X", "-q", "-f", "-", given=script.replace("rows.csv", str(path)))
        limit[name].append(time.perf_counter() - started)
    read = await run_tool([sys.executable, "-m", "bench.workbooks", "read", files.workbook])
    limit["workbook"].append(float(read.output))


async def _import(stand: Stand, path: Path, number: int, run: str) -> Sample:
    """Send the file and wait for its job; what came of it must be what was asked for."""
    async with (
        httpx.AsyncClient(base_url=f"http://{HOST}:{stand.registry_port}", timeout=60) as client,
        watched_memory(stand.pid(REGISTRY)) as memory,
    ):
        client.headers.update(stand.headers("registry_editor"))
        started = time.perf_counter()
        result = await _send(client, path)
        seconds = time.perf_counter() - started
    expected = {"new": result["created"] == number, "changed": 0 < result["changed"] < number}
    expected["again"] = result["unchanged"] == number
    if result["rejected"] or not expected[run]:
        raise ToolFailed(f"the import did not take what it should ({result})")
    return Sample(seconds, memory.growth, memory.highest_of_children)


async def _send(client: httpx.AsyncClient, path: Path) -> dict[str, Any]:
    kind = XLSX if path.suffix == ".xlsx" else "text/csv"
    headers = {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}
    content = await asyncio.to_thread(path.read_bytes)
    answer = await client.post(ADDRESS, content=content, headers=headers)
    if answer.status_code != httpx.codes.ACCEPTED:
        raise ToolFailed(f"the file was not taken: {answer.status_code}")
    while True:
        job = (await client.get(answer.headers["location"])).raise_for_status().json()
        if job["state"] in {"failed", "cancelled"}:
            raise ToolFailed(f"the import ended as {job['state']}: {job['problem']}")
        if job["state"] == "succeeded":
            found: dict[str, Any] = job["result"]
            return found
        await asyncio.sleep(POLL_SECONDS)


async def _others(stand: Stand, files: Files) -> tuple[float, float]:
    """The 99th percentile (seconds) of a list of institutions, in quiet and while a file is imported."""
    await fill(stand, 20_000)
    headers = stand.headers("screener")
    async with probing(stand.registry_port, OTHERS, headers) as quiet:
        await asyncio.sleep(4)
    async with probing(stand.registry_port, OTHERS, headers) as busy:
        await _import(stand, files.first, files.number, "new")
    return quantiles(quiet, n=100)[98], quantiles(busy, n=100)[98]


def _csv_rows(files: Files, ours: dict[str, list[Sample]], limit: dict[str, list[float]]) -> list[Row]:
    titles = {"new": "all new", "changed": "30 % changed", "again": "the same again"}
    bars = {"new": (SHARE, Bar("ours", at_most=5.0)), "changed": (SHARE,), "again": ()}
    found = []
    for name, title in titles.items():
        seconds = [sample.seconds for sample in ours[name]]
        share, case = per(limit[name], seconds), f"CSV, {files.number:,} rows, {title}"
        found.append(Row("W7", case, figure(seconds, "s"), figure(limit[name], "s"), share, bars=bars[name]))
    again = per([sample.seconds for sample in ours["again"]], [sample.seconds for sample in ours["new"]])
    bar = Bar("ours", at_most=0.5)
    return [*found, Row("W7", "CSV, the same again against all new", figure(again.samples, "×"), bars=(bar,))]


def _workbook_rows(files: Files, ours: dict[str, list[Sample]], limit: dict[str, list[float]]) -> list[Row]:
    seconds = [sample.seconds for sample in ours["workbook"]]
    merged = [read + merge for read, merge in zip(limit["workbook"], limit["new"], strict=True)]
    note = f"limit: calamine reading alone {figure(limit['workbook'], 's').median:.2f} s, then the merge by psql"
    bars, case = (Bar("ours", at_most=10.0),), f"XLSX, {files.number:,} rows, all new"
    return [Row("W7", case, figure(seconds, "s"), figure(merged, "s"), per(merged, seconds), bars=bars, note=note)]


def _memory_row(ours: dict[str, list[Sample]]) -> Row:
    """The highest growth of any run in each round."""
    growth = [max(samples) for samples in zip(*([s.growth for s in side] for side in ours.values()), strict=True)]
    parser = max(sample.parser for side in ours.values() for sample in side)
    note = f"the parser is a process of its own that ends with the job: at most {parser:.0f} MB"
    return Row(
        "W7", "growth of the service's memory", figure(growth, "MB"), bars=(Bar("ours", at_most=100),), note=note
    )


def _others_row(others: list[tuple[float, float]]) -> Row:
    ratio = per([busy for _, busy in others], [quiet for quiet, _ in others])
    quiet, busy = (figure([pair[index] * 1000 for pair in others], "ms").median for index in (0, 1))
    note = f"p99 of a list: {quiet:.1f} ms in quiet, {busy:.1f} ms during an import"
    return Row("W7", "p99 of other requests", figure(ratio.samples, "×"), bars=(Bar("ours", at_most=2.0),), note=note)
