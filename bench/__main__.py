"""`python -m bench`: the workloads, each beside its limit or another revision, as a table and files."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.against import Pair, Workload, beside_each_other, compare
from bench.cases import measure_cases
from bench.certificates import measure_certificates
from bench.enrolments import measure_enrolments
from bench.exports import measure_exports
from bench.figures import Row
from bench.growth import measure_growth
from bench.imports import measure_imports
from bench.lists import measure_lists
from bench.load import loader_name
from bench.machine import idle_share
from bench.memory import measure_memory
from bench.mixed_day import measure_mixed_day
from bench.options import (
    QUICK_ROUNDS,
    QUICK_SECONDS,
    QUICK_SIZE,
    ROUNDS,
    SECONDS,
    Options,
)
from bench.pass_through import measure_pass_through
from bench.plan_documents import measure_plan_documents
from bench.progress import Progress
from bench.reference_data import measure_reference_data
from bench.results import Results, beside_limits, show, write
from bench.roll_ups import measure_roll_ups
from bench.rounds import Rounds
from bench.scoped_lists import measure_scoped_lists
from bench.screening_imports import measure_screening_imports
from bench.stand import platform
from bench.studies import measure_studies
from bench.submissions import measure_submissions
from bench.tools import ToolFailed, ToolMissing
from bench.trees import checked_out, this_tree
from bench.views import measure_views
from onebox.failures import Failure

RESULTS = Path(__file__).parent / "results"
WIDTH_OFF_TERMINAL = 200
WORKLOADS: dict[str, Workload] = {
    "memory": measure_memory,
    "W1": measure_pass_through,
    "W2": measure_views,
    "W3": measure_submissions,
    "W4": measure_screening_imports,
    "W5": measure_lists,
    "W5s": measure_scoped_lists,
    "W5c": measure_cases,
    "W5t": measure_enrolments,
    "W6": measure_roll_ups,
    "W7": measure_imports,
    "W8": measure_exports,
    "W9": measure_plan_documents,
    "W9c": measure_certificates,
    "W10": measure_reference_data,
    "W11": measure_mixed_day,
    "W12": measure_growth,
    "W13": measure_studies,
}
# W12 compares sizes with each other; the others run this tree's own code beside libraries.
BESIDE_NO_REVISION = ("W9", "W9c", "W12", "W13")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help=__doc__)
def main(
    only: Annotated[str, typer.Option(help=f"Comma-separated, of {', '.join(WORKLOADS)}.")] = "",
    against: Annotated[
        str, typer.Option(metavar="REV", help="Measure another revision instead of the limits, in turns with this.")
    ] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Two short rounds on a tenth of the data, kept nowhere.")
    ] = False,
    rounds: Annotated[int | None, typer.Option(min=1, max=50, help="Rounds of every comparison.")] = None,
    seconds: Annotated[float | None, typer.Option(min=1, max=60, help="Length of one measurement.")] = None,
    size: Annotated[float | None, typer.Option(min=0.001, max=10, help="Part of the full amounts of data.")] = None,
    results: Annotated[Path, typer.Option(help="Where the results are written.")] = RESULTS,
) -> None:
    """Run the workloads."""
    names = _names(only, against)
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_OFF_TERMINAL)
    options = Options(
        Rounds(rounds or (QUICK_ROUNDS if quick else ROUNDS)),
        seconds or (QUICK_SECONDS if quick else SECONDS),
        size or (QUICK_SIZE if quick else 1.0),
    )
    try:
        table = asyncio.run(_run(names, against, options, console))
    except (Failure, ToolFailed, ToolMissing) as failure:
        console.print(str(failure), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print("Stopped; everything that was started has ended.")
        raise typer.Exit(130) from None
    show(table, console)
    if not quick:
        part = [] if len(names) == len(WORKLOADS) else names
        part = [*part, "against", *re.findall(r"[\w.]+", against)] if against else part
        for path in write(table, results, datetime.now(UTC).date(), "-".join(part).lower()):
            console.print(f"written: {os.path.relpath(path)}", highlight=False, soft_wrap=True)


def _names(only: str, against: str) -> list[str]:
    """The names of the workloads to run, in the order in which `only` names them; all where it names none."""
    left_out = BESIDE_NO_REVISION if against else ()
    by_name = {name.upper(): name for name in WORKLOADS if name not in left_out}
    names = [name.strip().upper() for name in only.split(",") if name.strip()] or [*by_name]
    if unknown := [name for name in names if name not in by_name]:
        raise typer.BadParameter(f"there is no {', '.join(unknown)}; there are {', '.join(by_name.values())}")
    return [by_name[name] for name in names]


async def _run(names: list[str], against: str, options: Options, console: Console) -> Results:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    progress = Progress(console)
    lasting = f"one measurement takes {options.seconds:g} s"
    conditions = [f"load over HTTP by {loader_name()}; PostgreSQL 18 with fsync on; {lasting}"]
    if options.size != 1:
        conditions.append(f"the amounts of data are {options.size:g} of the full ones")
    with progress.shown():
        if against:
            return await _against(names, against, options, progress, conditions)
        rows = list[Row]()
        for name in names:
            conditions.append(await _quiet(name))
            rows += [row async for row in _measured(name, options, progress)]
        return beside_limits(rows, conditions)


async def _against(
    names: list[str], revision: str, options: Options, progress: Progress, conditions: list[str]
) -> Results:
    pairs = list[Pair]()
    async with checked_out(revision) as that:
        trees = await this_tree(), that
        conditions.append(f"{trees[0].name} against {that.name}")
        for name in names:
            conditions.append(await _quiet(name))
            pairs += await compare(name, WORKLOADS[name], trees, options, progress)
    return beside_each_other(pairs, conditions)


async def _quiet(name: str) -> str:
    idle, load = await idle_share(), os.getloadavg()[0]
    return f"{name}: before it {idle:.0%} of the machine was idle, load average {load:.2f}"


async def _measured(name: str, options: Options, progress: Progress) -> AsyncIterator[Row]:
    try:
        async with platform(progress.console) as stand:
            async for row in WORKLOADS[name](stand, options, progress):
                yield row
    except ToolMissing as missing:
        yield Row(name, "limit", failure=str(missing))
    except ToolFailed as failed:
        yield Row(name, "failed", failure=f"failed: {failed}")


if __name__ == "__main__":
    app()
