"""`python -m bench`: the workloads, each beside its limit, as a table and as files under bench/results/."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.exports import measure_exports
from bench.figures import Report, Row
from bench.growth import measure_growth
from bench.imports import measure_imports
from bench.lists import measure_lists
from bench.load import loader_name
from bench.machine import idle_share
from bench.options import QUICK, Options
from bench.pass_through import measure_pass_through
from bench.progress import Progress
from bench.results import show, write
from bench.roll_ups import measure_roll_ups
from bench.screening_imports import measure_screening_imports
from bench.stand import Stand, platform
from bench.studies import measure_studies
from bench.submissions import measure_submissions
from bench.tools import ToolFailed, ToolMissing
from onebox.failures import Failure

RESULTS = Path(__file__).parent / "results"
WIDTH_OFF_TERMINAL = 200
WORKLOADS: dict[str, Callable[[Stand, Options, Progress], AsyncIterator[Row]]] = {
    "W1": measure_pass_through,
    "W3": measure_submissions,
    "W4": measure_screening_imports,
    "W5": measure_lists,
    "W6": measure_roll_ups,
    "W7": measure_imports,
    "W8": measure_exports,
    "W12": measure_growth,
    "W13": measure_studies,
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help=__doc__)
def main(
    only: Annotated[str, typer.Option(help=f"Comma-separated, of {', '.join(WORKLOADS)}.")] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Two short rounds on a tenth of the data, kept nowhere.")
    ] = False,
    rounds: Annotated[int, typer.Option(min=1, max=50, help="Rounds of every comparison.")] = Options.rounds,
    results: Annotated[Path, typer.Option(help="Where the results are written.")] = RESULTS,
) -> None:
    """Run the workloads."""
    chosen = [name.strip().upper() for name in only.split(",") if name.strip()] or [*WORKLOADS]
    unknown = [name for name in chosen if name not in WORKLOADS]
    if unknown:
        raise typer.BadParameter(f"there is no {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_OFF_TERMINAL)
    options = QUICK if quick else Options(rounds=rounds)
    report = Report()
    try:
        asyncio.run(_run(chosen, options, report, console))
    except Failure as failure:
        console.print(str(failure), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print("Stopped; everything that was started has ended.")
        raise typer.Exit(130) from None
    show(report, console)
    part = "" if len(chosen) == len(WORKLOADS) else "-".join(chosen).lower()
    if not quick:
        for path in write(report, results, datetime.now(UTC).date(), part):
            console.print(f"written: {os.path.relpath(path)}", highlight=False, soft_wrap=True)


async def _run(chosen: list[str], options: Options, report: Report, console: Console) -> None:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    progress = Progress(console)
    loader = f"load over HTTP by {loader_name()}"
    report.conditions.append(f"{loader}; PostgreSQL 18 with fsync on; one measurement takes {options.seconds:g} s")
    with progress.shown():
        for name in chosen:
            await _measure(name, options, report, progress)


async def _measure(name: str, options: Options, report: Report, progress: Progress) -> None:
    idle, load = await idle_share(), os.getloadavg()[0]
    report.conditions.append(f"{name}: before it {idle:.0%} of the machine was idle, load average {load:.2f}")
    try:
        async with platform(progress.console) as stand:
            async for row in WORKLOADS[name](stand, options, progress):
                report.rows.append(row)
    except ToolMissing as missing:
        report.rows.append(Row(name, "limit", failure=str(missing)))
    except ToolFailed as failed:
        report.rows.append(Row(name, "failed", failure=f"failed: {failed}"))


if __name__ == "__main__":
    app()
