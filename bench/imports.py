"""W7: 50,000 institutions from a file by the public API, from the first byte sent until the job has ended.

Beside it psql copies the same CSV into a staging table and merges it with history, events and audit; an XLSX file is
only read, by the library that we use as well. Three runs: all rows new, 30 % of them changed, the same file again.
"""

import asyncio
import csv
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

from bench.figures import Bar, Row, beside_limit, figure, per
from bench.institutions import HEADER, fill, rows
from bench.options import Options
from bench.progress import Progress
from bench.stand import REGISTRY, Service, Stand
from bench.tools import ToolFailed, run_tool
from bench.uploads import Others, Upload, cpu_of, memory_row, others_meanwhile, others_rows, upload
from bench.workbooks import write_workbook

ADDRESS = "/institution-imports?format=generic&system=bench"
OTHERS = "/v1/registry/institutions?limit=20"
NUMBER, CHANGED_SHARE = 50_000, 0.3
MOST_ROUNDS = 3
SHARE = Bar("share", at_least=0.5)
RUNS = ("new", "changed", "again")


@dataclass(frozen=True)
class Files:
    """The same institutions as files: as first imported, with 30 % of them changed, and as a workbook."""

    number: int
    first: Path
    changed: Path
    workbook: Path


async def measure_imports(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W7."""
    with progress.task("W7: registry starts, files are made"):
        registry = await stand.start(REGISTRY)
        files = await asyncio.to_thread(_make_files, stand.folder, options.amount(NUMBER))
    rounds = options.rounds.at_most(MOST_ROUNDS)
    ours: dict[str, list[Upload]] = {name: [] for name in (*RUNS, "workbook")}
    limit: dict[str, list[float]] = {name: [] for name in ours}
    sides = (_ours, _limits) if rounds.have_limit else (_ours,)
    with progress.task("W7: imports and their limits", rounds.number * len(sides)) as advance:
        for number in range(rounds.number):
            for side in sides if number % 2 == 0 else sides[::-1]:
                async with rounds.turn(number):
                    await side(registry, files, ours, limit)
                advance()
    for row in (*_csv_rows(files, ours, limit), *_workbook_rows(files, ours, limit)):
        yield row
    yield memory_row("W7", [*ours.values()])
    with progress.task("W7: other requests meanwhile"):
        others = await rounds.of(partial(_others, registry, files))
    for row in others_rows("W7", "a list", others):
        yield row


def _make_files(folder: Path, number: int) -> Files:
    files = Files(number, folder / "first.csv", folder / "changed.csv", folder / "first.xlsx")
    for path, share in ((files.first, 0.0), (files.changed, CHANGED_SHARE)):
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(rows(number, changed_share=share))
    write_workbook(files.workbook, HEADER, rows(number))
    return files


async def _ours(registry: Service, files: Files, ours: dict[str, list[Upload]], _: dict[str, list[float]]) -> None:
    await fill(registry, 0)
    for name, path in zip(RUNS, (files.first, files.changed, files.changed), strict=True):
        ours[name].append(await _import(registry, path, files.number, name))
    await fill(registry, 0)
    ours["workbook"].append(await _import(registry, files.workbook, files.number, "new"))


async def _limits(registry: Service, files: Files, _: dict[str, list[Upload]], limit: dict[str, list[float]]) -> None:
    await fill(registry, 0)
    script = Path(__file__).with_name("merge.sql").read_text(encoding="utf-8")
    for name, path in zip(RUNS, (files.first, files.changed, files.changed), strict=True):
        started = time.perf_counter()
        await registry.run_client("psql", "-X", "-q", "-f", "-", stdin=script.replace("rows.csv", str(path)))
        limit[name].append(time.perf_counter() - started)
    read = await run_tool([sys.executable, "-m", "bench.workbooks", "read", files.workbook])
    limit["workbook"].append(float(read.output))


async def _import(registry: Service, path: Path, number: int, run: str) -> Upload:
    """Import a file; ToolFailed unless every row has the outcome that belongs to this run."""
    file_upload = await upload(registry, "registry_editor", ADDRESS, path)
    result = file_upload.result
    expected = {"new": result["created"] == number, "changed": 0 < result["changed"] < number}
    expected["again"] = result["unchanged"] == number
    if result["rejected"] or not expected[run]:
        raise ToolFailed(f"the import did not take what it should ({result})")
    return file_upload


async def _others(registry: Service, files: Files) -> Others:
    """How long a list of institutions takes, in quiet and while a file is imported."""
    await fill(registry, 20_000)
    work = partial(_import, registry, files.first, files.number, "new")
    return await others_meanwhile(registry, OTHERS, "screener", work)


def _csv_rows(files: Files, ours: dict[str, list[Upload]], limit: dict[str, list[float]]) -> list[Row]:
    titles = {"new": "all new", "changed": "30 % changed", "again": "the same again"}
    bars = {"new": (SHARE, Bar("ours", at_most=5.0)), "changed": (SHARE,), "again": ()}
    result_rows = []
    for name, title in titles.items():
        seconds = [run.seconds for run in ours[name]]
        row = Row("W7", f"CSV, {files.number:,} rows, {title}", figure(seconds, "s"), cpu=cpu_of(ours[name]))
        result_rows.append(beside_limit(replace(row, bars=bars[name]), limit[name]))
    again = per([run.seconds for run in ours["again"]], [run.seconds for run in ours["new"]])
    bar = Bar("ours", at_most=0.5)
    return [*result_rows, Row("W7", "CSV, the same again against all new", figure(again.samples, "×"), bars=(bar,))]


def _workbook_rows(files: Files, ours: dict[str, list[Upload]], limit: dict[str, list[float]]) -> list[Row]:
    seconds = [run.seconds for run in ours["workbook"]]
    merged = [read + merge for read, merge in zip(limit["workbook"], limit["new"], strict=True)]
    row = Row("W7", f"XLSX, {files.number:,} rows, all new", figure(seconds, "s"), cpu=cpu_of(ours["workbook"]))
    row = replace(row, bars=(Bar("ours", at_most=10.0),))
    if merged:
        note = f"limit: calamine reading alone {median(limit['workbook']):.2f} s, then the merge by psql"
        row = replace(row, note=note)
    return [beside_limit(row, merged)]
