"""What a trial prints at its end."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.faults.ledger import Ledger
from tests.faults.trial import Round, listed

BAR_TIMES_SLOWER = 2.0
"""What routes that need nothing of a broken service may become slower by: told beside the figure."""


def show(rounds: list[Round], ledger: Ledger, told_by_trials: Sequence[str], console: Console) -> None:
    """A line for each fault, and what all of them come to."""
    table = Table("fault", "victim", "gap s", "elsewhere s", "slowest s", "all back s", "load average", "refused")
    for told in rounds:
        figures = [f"{figure:.2f}" for figure in (told.gap, told.elsewhere, told.slowest, told.recovered)]
        table.add_row(told.fault, told.victim, *figures, f"{told.load_average:.1f}", listed(told.refused))
    console.print(table)
    for told in rounds:
        if told.slower:
            times = ", ".join(f"{route} {times:.2f}" for route, times in sorted(told.slower.items()))
            console.print(f"{told.victim}: p99 meanwhile ÷ p99 before (bar {BAR_TIMES_SLOWER:.0f}): {times}")
    for line in told_by_trials:
        console.print(line, highlight=False)
    succeeded = sum(entry.is_success for entry in ledger.entries)
    killed = [told for told in rounds if told.fault == "kill -9"]
    console.print(f"{len(ledger.entries)} calls, {succeeded} succeeded, {len(killed)} kills")
    if killed:
        gap, back = max(told.gap for told in killed), max(told.recovered for told in killed)
        console.print(f"after a kill: longest gap of a route {gap:.2f} s, all back after {back:.2f} s at the latest")
