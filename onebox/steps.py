"""The output while the platform starts: one line per step, live on a
terminal, plain lines elsewhere.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn

Advance = Callable[[], None]
"""To call when one more item of a step is done."""


class Steps:
    """The steps of a start; several may go on at once."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            TextColumn("{task.fields[part]}"),
            TextColumn("[dim]{task.fields[took]}[/]"),
            console=console,
            disable=not console.is_terminal,
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Shows the steps within the block."""
        with self._progress:
            yield

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One step, from here to the end of the block."""
        with self.counted(title, 1):
            yield

    @contextmanager
    def counted(self, title: str, total: int) -> Iterator[Advance]:
        """A step with so many items; yields a function to call once for each item done."""
        started_at = time.monotonic()
        task = self._progress.add_task(title, total=total, took="", part="")
        count = 0

        def advance() -> None:
            nonlocal count
            count += 1
            self._progress.update(task, completed=min(count, total - 1), part=f"{count} / {total}")

        try:
            yield advance
        except asyncio.CancelledError:
            self._progress.update(task, took="stopped")
            raise
        except Exception:
            self._finish(task, title, "failed")
            raise
        self._progress.update(task, completed=total)
        title = f"{title} ({total})" if total > 1 else title
        self._finish(task, title, f"{time.monotonic() - started_at:.1f} s")

    def _finish(self, task: TaskID, title: str, outcome: str) -> None:
        self._progress.update(task, took=outcome, part="")
        if not self.console.is_terminal:
            self.console.print(f"{'✗' if outcome == 'failed' else '✓'} {title} {outcome}", highlight=False)
