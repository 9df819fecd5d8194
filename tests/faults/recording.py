"""What a trial leaves for the next reader, as benchmarks do: `--record FOLDER`."""

import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.results import Line, Results, write
from tests.faults.ledger import Entry
from tests.faults.routes import ROUTES
from tests.faults.trial import LATE, LONGEST_GAP, SECONDS_TO_RECOVER, Round, listed

COLUMNS = ("done", "to", "times", "gap s", "all back s", "slowest call s", "p99 ÷ quiet p99", "refused")
LEGEND = (
    "gap: the longest time without a success on a route behind what was done, median (longest) of all times; for all"
    " but kills it is counted from the end of the fault. all back: until every route is answered with all there is."
    f" Bars: gap after a kill ≤ {LONGEST_GAP:g} s, all back ≤ {SECONDS_TO_RECOVER:g} s, p99 ≤ 2 × of routes that need"
    " nothing of it, nothing lost, nothing doubled, no answer that is not foreseen."
)


def record(rounds: Sequence[Round], entries: Sequence[Entry], wrong: Sequence[str], told: Sequence[str]) -> Results:
    """One line for each thing that was done to each program."""
    done: dict[tuple[str, str], list[Round]] = {}
    for one in rounds:
        done.setdefault((one.fault, one.victim), []).append(one)
    lines = [_line(fault, victim, times) for (fault, victim), times in sorted(done.items())]
    succeeded = sum(entry.is_success for entry in entries)
    seconds = entries[-1].ended - entries[0].started if entries else 0.0
    clients = sum(route.clients for route in ROUTES)
    loads = [one.load_average for one in rounds]
    calls = (
        f"{clients} clients of {len(ROUTES)} routes called {len(entries):,} times in {seconds:.0f} s,"
        f" {succeeded:,} times with success"
    )
    conditions = [
        calls,
        f"load average of the {os.cpu_count()} cores meanwhile {min(loads):.1f} to {max(loads):.1f}",
        _counted("invariants broken", [each for each in wrong if not each.startswith(LATE)]),
        _counted("bars of time missed", [each.removeprefix(LATE) for each in wrong if each.startswith(LATE)]),
        *told,
    ]
    return Results("Faults", LEGEND, COLUMNS, lines, conditions)


def _counted(what: str, wrong: Sequence[str]) -> str:
    return f"{what}: {'; '.join([str(len(wrong)), *sorted(set(wrong))])}"


def keep(results: Results, folder: Path, part: str) -> list[Path]:
    """Write it where results are kept."""
    return write(results, folder, datetime.now(UTC).date(), part)


def _line(fault: str, victim: str, times: Sequence[Round]) -> Line:
    gaps, back = [one.gap for one in times], [one.recovered for one in times]
    refused: Counter[str] = Counter()
    for one in times:
        refused.update(one.refused)
    slower = {route: ratio for one in times for route, ratio in one.slower.items()}
    ratios = ", ".join(f"{route} {ratio:.2f}" for route, ratio in sorted(slower.items())) or "–"
    slowest = max(one.slowest for one in times)
    told = [f"{median(figures):.2f} ({max(figures):.2f})" for figures in (gaps, back)]
    cells = [fault or "fault", victim, str(len(times)), *told, f"{slowest:.2f}", ratios, listed(refused)]
    entry = {
        "done": fault,
        "to": victim,
        "gaps": [round(gap, 3) for gap in gaps],
        "all_back": [round(seconds, 3) for seconds in back],
        "slowest": round(slowest, 3),
        "slower": {route: round(ratio, 3) for route, ratio in slower.items()},
        "refused": dict(refused),
    }
    return Line(cells, entry)
