"""What a person sees while a run goes on: bars on a terminal, a line for each step elsewhere."""

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
        """The steps of one of several, shown among those of the others."""
        one = copy(self)
        one.whose = f"{whose}: "
        return one

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the steps that happen meanwhile."""
        with self._bars:
            yield

    @contextmanager
    def task(self, title: str, total: int = 1) -> Iterator[Callable[[], None]]:
        """One step; what is given advances it."""
        began, title = time.monotonic(), f"{self.whose}{title}"
        task = self._bars.add_task(title, total=total)
        yield lambda: self._bars.advance(task)
        self._bars.update(task, completed=total)
        if not self.console.is_terminal:
            self.console.print(f"{title} {time.monotonic() - began:.1f} s", highlight=False, markup=False)
