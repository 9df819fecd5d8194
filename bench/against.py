"""This tree against another revision: the same workload on both, taking turns in every round.

Both are started as their own tree starts them, each with a database of its own; the requests, and the
way in which the tables are filled, are this tree's.
"""

from asyncio import Barrier, TaskGroup
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace

from bench.figures import Figure, Row
from bench.memory import memory_rows
from bench.options import Options
from bench.progress import Progress
from bench.results import Line, Results, figure_cell, number, samples_of
from bench.rounds import Turns
from bench.stand import Stand, platform
from bench.tools import ToolFailed, ToolMissing
from bench.trees import Tree
from onebox.failures import Failure

Workload = Callable[[Stand, Options, Progress], AsyncIterator[Row]]
COLUMNS = ("workload", "case", "this", "that", "this ÷ that", "CPU, this ÷ that", "n")
LEGEND = (
    "Figures are medians of n interleaved rounds (lowest–highest); ratios are of the medians"
    " (lowest–highest of any round): of the time of one operation, of its processor time, or of"
    " memory. Below 1.0 this tree needs less."
)
PER_SECOND = "req/s"
COMPARED = (PER_SECOND, "s", "ms", "µs", "MB")


@dataclass(frozen=True)
class Pair:
    """The same figure of both trees; or a `remark` on one of them, such as the reason why it failed."""

    workload: str
    case: str
    this: Row | None = None
    that: Row | None = None
    remark: str = ""


@dataclass(frozen=True)
class Ratio:
    """This against that: of the medians, and the range of the rounds."""

    median: float
    lowest: float
    highest: float


def ratio(this: Figure | None, that: Figure | None) -> Ratio | None:
    """This ÷ that, of the need of one operation; None for other units, and when a sample is not above zero."""
    if this is None or that is None or this.unit not in COMPARED:
        return None
    if min(*this.samples, *that.samples) <= 0:
        return None
    if this.unit == PER_SECOND:
        this, that = that, this
    rounds = [ours / theirs for ours, theirs in zip(this.samples, that.samples, strict=True)]
    return Ratio(this.median / that.median, min(rounds), max(rounds))


async def compare(
    name: str, workload: Workload, trees: tuple[Tree, Tree], options: Options, progress: Progress
) -> list[Pair]:
    """One workload on both trees; a failure of either becomes a remark."""
    meeting = Barrier(len(trees))
    measured: tuple[dict[str, Row], dict[str, Row]] = ({}, {})
    remarks: list[Pair] = []

    async def run(tree: Tree, rows: dict[str, Row]) -> None:
        turns = Turns(meeting, is_first=tree is trees[0])
        own_options = replace(options, rounds=replace(options.rounds, turns=turns))
        try:
            async with platform(progress.console, tree) as stand:
                async for row in workload(stand, own_options, progress.of(tree.name)):
                    rows[row.case] = row
                rows |= {row.case: row for row in memory_rows(name, stand)}
                remarks.extend(Pair(name, tree.name, remark=remark) for remark in {*stand.remarks})
        except (ToolFailed, ToolMissing, Failure) as failure:
            remarks.append(Pair(name, tree.name, remark=f"failed: {failure}"))
            raise

    try:
        async with TaskGroup() as group:
            for tree, rows in zip(trees, measured, strict=True):
                group.create_task(run(tree, rows))
    except* (ToolFailed, ToolMissing, Failure):
        pass  # `run` has recorded it as a remark
    this, that = measured
    cases = [case for case, row in this.items() if row.ours and case in that]
    return [*[Pair(name, case, this[case], that[case]) for case in cases], *remarks]


def beside_each_other(pairs: Sequence[Pair], conditions: Sequence[str]) -> Results:
    """The table of a comparison."""
    lines = [_line(pair) for pair in pairs]
    return Results("Against another revision", LEGEND, COLUMNS, lines, conditions)


def _line(pair: Pair) -> Line:
    ours, theirs = (row.ours if row else None for row in (pair.this, pair.that))
    cpu, their_cpu = (row.cpu if row else None for row in (pair.this, pair.that))
    time, spent = ratio(ours, theirs), ratio(cpu, their_cpu)
    rounds = str(len(ours.samples)) if ours else "–"
    cells = [figure_cell(ours), figure_cell(theirs), _cell(time), _cell(spent), rounds]
    if pair.remark:
        cells[0] = pair.remark
    of_cpu = {"this": samples_of(cpu), "that": samples_of(their_cpu)}
    entry = {
        "workload": pair.workload,
        "case": pair.case,
        "this": samples_of(ours),
        "that": samples_of(theirs),
        "ratio": time and vars(time),
        "cpu": of_cpu | {"ratio": spent and vars(spent)},
        "remark": pair.remark,
    }
    return Line([pair.workload, pair.case, *cells], entry, "red" if pair.remark else None)


def _cell(value: Ratio | None) -> str:
    if value is None:
        return "–"
    return f"{number(value.median)} ({number(value.lowest)}–{number(value.highest)})"
