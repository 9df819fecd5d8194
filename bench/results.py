"""The table of a run: on the screen, and as JSON and Markdown files."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.figures import Bar, Figure, Ratio, Row
from bench.machine import describe_machine, machine_class

COLUMNS = ("workload", "case", "ours", "limit", "share", "lead", "bar", "verdict", "n")
COLOURS = {"met": "green", "missed": "red"}
LEGEND = (
    "Figures are medians of n interleaved rounds (lowest–highest). share = limit ÷ ours as time, ours ÷ limit as rate:"
    " 1.0 is at the limit. lead = ours against the best peer."
)


@dataclass(frozen=True)
class Line:
    """One line of a table: as text for people, as an entry for programs."""

    cells: Sequence[str]
    entry: dict[str, Any]
    colour: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Results:
    """The results of a run, as one table."""

    title: str
    legend: str
    columns: Sequence[str]
    lines: Sequence[Line]
    conditions: Sequence[str]


def beside_limits(rows: Sequence[Row], conditions: Sequence[str]) -> Results:
    """Every workload beside its limit."""
    lines = [
        Line(cells(row), _entry(row), COLOURS.get(row.verdict), row.note and f"{row.workload} {row.case}: {row.note}")
        for row in rows
    ]
    return Results("Beside the limit", LEGEND, COLUMNS, lines, conditions)


def number(value: float) -> str:
    """Three significant digits, thousands apart."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def cells(row: Row) -> list[str]:
    """A row as text, in the order of COLUMNS."""
    ratios = [f"{ratio.median:.2f}" if ratio else "–" for ratio in (row.share, row.lead)]
    bars = ", ".join(map(_bar, row.bars)) or "–"
    return [
        row.workload,
        row.case,
        figure_cell(row.ours),
        figure_cell(row.limit),
        *ratios,
        bars,
        row.verdict or "–",
        str(row.rounds or "–"),
    ]


def figure_cell(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    low, high = figure.spread
    return f"{number(figure.median)} {figure.unit} ({number(low)}–{number(high)})"


def _bar(bar: Bar) -> str:
    bound = f"≥ {bar.at_least:g}" if bar.at_least is not None else f"≤ {bar.at_most:g}"
    return f"{bar.of} {bound}" + (f" (goal {bar.goal:g})" if bar.goal else "")


def show(results: Results, console: Console) -> None:
    """Print the table."""
    table = Table(
        *results.columns,
        title=results.title,
        caption=results.legend,
        title_justify="left",
        caption_justify="left",
    )
    for line in results.lines:
        table.add_row(*line.cells, style=line.colour)
    console.print(table)
    for note in _notes(results):
        console.print(note, highlight=False, markup=False)


def write(results: Results, folder: Path, day: date, part: str = "") -> list[Path]:
    """Write the run as `<date>-<machine class>.json` and `.md`; a later run of the same day and machine replaces it.

    `part` names the workloads of a run that did not run all, and the revision that they were compared with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{day.isoformat()}-{machine_class()}{part and '-' + part}"
    files = [folder / f"{stem}.json", folder / f"{stem}.md"]
    document = json.dumps(_document(results, day), indent=1, ensure_ascii=False)
    files[0].write_text(f"{document}\n", encoding="utf-8")
    files[1].write_text(_markdown(results, day), encoding="utf-8")
    return files


def _notes(results: Results) -> list[str]:
    return [line.note for line in results.lines if line.note]


def _document(results: Results, day: date) -> dict[str, Any]:
    return {
        "date": day.isoformat(),
        "machine": describe_machine(),
        "conditions": results.conditions,
        "rows": [line.entry for line in results.lines],
    }


def _entry(row: Row) -> dict[str, Any]:
    return {
        "workload": row.workload,
        "case": row.case,
        "ours": samples_of(row.ours),
        "limit": samples_of(row.limit),
        "share": _ratio(row.share),
        "lead": _ratio(row.lead),
        "cpu": samples_of(row.cpu),
        "bars": [bar._asdict() for bar in row.bars],
        "verdict": row.verdict,
        "note": row.note,
    }


def samples_of(figure: Figure | None) -> dict[str, Any] | None:
    return figure and {"unit": figure.unit, "median": figure.median, "samples": [*figure.samples]}


def _ratio(ratio: Ratio | None) -> float | None:
    return round(ratio.median, 4) if ratio else None


def _markdown(results: Results, day: date) -> str:
    machine = ", ".join(f"{name} {value}" for name, value in describe_machine().items())
    lines = [f"# Benchmarks of {day.isoformat()}", "", f"Machine: {machine}.", "", results.legend, ""]
    lines += [f"| {' | '.join(results.columns)} |", "|" + "---|" * len(results.columns)]
    lines += [f"| {' | '.join(line.cells)} |" for line in results.lines]
    lines += ["", *[f"- {note}" for note in _notes(results)]]
    lines += ["", "Conditions:", "", *[f"- {condition}" for condition in results.conditions], ""]
    return "\n".join(lines)
