"""The table of a run: on the screen, and as JSON and Markdown for the next reader."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.figures import Bar, Figure, Ratio, Report, Row
from bench.machine import describe_machine, machine_class

COLUMNS = ("workload", "case", "ours", "limit", "share", "lead", "bar", "verdict", "n")
COLOURS = {"met": "green", "missed": "red"}
LEGEND = (
    "Figures are medians of n interleaved rounds (lowest–highest). share = limit ÷ ours as time, ours ÷ limit as rate:"
    " 1.0 is at the limit. lead = ours against the best peer."
)


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
        _figure(row.ours),
        _figure(row.limit),
        *ratios,
        bars,
        row.verdict or "–",
        str(row.rounds or "–"),
    ]


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    low, high = figure.spread
    return f"{number(figure.median)} {figure.unit} ({number(low)}–{number(high)})"


def _bar(bar: Bar) -> str:
    held = f"≥ {bar.at_least:g}" if bar.at_least is not None else f"≤ {bar.at_most:g}"
    return f"{bar.of} {held}" + (f" (goal {bar.goal:g})" if bar.goal else "")


def show(report: Report, console: Console) -> None:
    """Print the table."""
    table = Table(*COLUMNS, title="Beside the limit", caption=LEGEND, title_justify="left", caption_justify="left")
    for row in report.rows:
        table.add_row(*cells(row), style=COLOURS.get(row.verdict))
    console.print(table)
    for row in report.rows:
        if row.note:
            console.print(f"{row.workload} {row.case}: {row.note}", highlight=False, markup=False)


def write(report: Report, folder: Path, day: date, part: str = "") -> list[Path]:
    """Keep the run as `<date>-<machine class>.json` and `.md`; of the same day and machine the last run stays.

    `part` names the workloads of a run that was not of all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{day.isoformat()}-{machine_class()}{part and '-' + part}"
    written = [folder / f"{stem}.json", folder / f"{stem}.md"]
    written[0].write_text(json.dumps(_document(report, day), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    written[1].write_text(_markdown(report, day), encoding="utf-8")
    return written


def _document(report: Report, day: date) -> dict[str, Any]:
    return {
        "date": day.isoformat(),
        "machine": describe_machine(),
        "conditions": report.conditions,
        "rows": [_entry(row) for row in report.rows],
    }


def _entry(row: Row) -> dict[str, Any]:
    return {
        "workload": row.workload,
        "case": row.case,
        "ours": _samples(row.ours),
        "limit": _samples(row.limit),
        "share": _ratio(row.share),
        "lead": _ratio(row.lead),
        "bars": [bar._asdict() for bar in row.bars],
        "verdict": row.verdict,
        "note": row.note,
    }


def _samples(figure: Figure | None) -> dict[str, Any] | None:
    return figure and {"unit": figure.unit, "median": figure.median, "samples": [*figure.samples]}


def _ratio(ratio: Ratio | None) -> float | None:
    return round(ratio.median, 4) if ratio else None


def _markdown(report: Report, day: date) -> str:
    machine = ", ".join(f"{name} {value}" for name, value in describe_machine().items())
    lines = [f"# Benchmarks of {day.isoformat()}", "", f"Machine: {machine}.", "", LEGEND, ""]
    lines += [f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS)]
    lines += [f"| {' | '.join(cells(row))} |" for row in report.rows]
    lines += ["", *[f"- {row.workload} {row.case}: {row.note}" for row in report.rows if row.note]]
    lines += ["", "Conditions:", "", *[f"- {condition}" for condition in report.conditions], ""]
    return "\n".join(lines)
