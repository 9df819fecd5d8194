"""What a person sees while the platform starts: one line per step, live on a terminal,
plain lines elsewhere.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn


class Steps:
    """The steps of a start; several may go on at once."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            TextColumn("[dim]{task.fields[took]}[/]"),
            console=console,
            disable=not console.is_terminal,
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Shows the steps that happen meanwhile."""
        with self._progress:
            yield

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One step, from here to the end of the block."""
        began = time.monotonic()
        task = self._progress.add_task(title, total=1, took="")
        try:
            yield
        except asyncio.CancelledError:
            self._progress.update(task, took="stopped")
            raise
        except Exception:
            self._finish(task, title, "failed")
            raise
        self._finish(task, title, f"{time.monotonic() - began:.1f} s")

    def _finish(self, task: TaskID, title: str, outcome: str) -> None:
        self._progress.update(task, completed=outcome != "failed", took=outcome)
        if not self.console.is_terminal:
            self.console.print(f"{'✗' if outcome == 'failed' else '✓'} {title} {outcome}", highlight=False)
