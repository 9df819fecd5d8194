"""The progress of a run: bars on a terminal, a line for each step elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars


class Progress:
    """The steps of a run."""

    def __init__(self, console: Console) -> None:
        self.console, self.whose = console, ""
        columns = (TextColumn("{task.description:<60}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Bars(*columns, console=console, disable=not console.is_terminal)

    def of(self, whose: str) -> "Progress":
        """The same progress with `whose` before each title, for one of several runs at once."""
        progress = copy(self)
        progress.whose = f"{whose}: "
        return progress

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bars until the end of the block."""
        with self._bars:
            yield

    @contextmanager
    def task(self, title: str, total: int = 1) -> Iterator[Callable[[], None]]:
        """One step; yields a function that advances it by one."""
        started, title = time.monotonic(), f"{self.whose}{title}"
        task = self._bars.add_task(title, total=total)
        yield lambda: self._bars.advance(task)
        self._bars.update(task, completed=total)
        if not self.console.is_terminal:
            self.console.print(f"{title} {time.monotonic() - started:.1f} s", highlight=False, markup=False)
