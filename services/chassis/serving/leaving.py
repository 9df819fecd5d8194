"""How a process leaves that is asked to end: it says so, goes on for a moment, then ends."""

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any


class Leaving:
    """Whether the process was asked to end.

    From then on it is not ready, and every answer closes its connection: whoever sends
    the next request goes elsewhere, and nobody sends one into a connection that ends.
    """

    def __init__(self, seconds: float, begin: Callable[[], None]) -> None:
        """`begin` is called when it is asked; the server hears of it so much later."""
        self.has_begun = False
        self._seconds, self._begin = seconds, begin

    def heed_signals(self) -> None:
        """Take the stop signals before the server, which would close what is open."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            previous: Any = signal.getsignal(number)
            # No server: the signal keeps its usual effect.
            if not callable(previous):
                continue
            try:
                signal.signal(number, partial(self._on_signal, loop, previous))
            except ValueError:
                # Outside the main thread there are no signals; a test stops its own
                # loop.
                return

    def _on_signal(
        self,
        loop: asyncio.AbstractEventLoop,
        previous: Callable[[int, FrameType | None], None],
        number: int,
        frame: FrameType | None,
    ) -> None:
        # Whoever asks twice does not want to wait.
        is_urgent, self.has_begun = self.has_begun, True
        if is_urgent or not self._seconds:
            self._begin()
            previous(number, frame)
            return
        end = partial(loop.call_later, self._seconds, previous, number, None)
        for step in (self._begin, end):
            loop.call_soon_threadsafe(step)


def leaving_on_signals(
    seconds: float, begin: Callable[[], None] = lambda: None
) -> Leaving:
    """One that begins when the process is asked to end."""
    leaving = Leaving(seconds, begin)
    leaving.heed_signals()
    return leaving


def leaves(state: dict[str, Any]) -> bool:
    """Whether the process whose server has this state was asked to end."""
    leaving: Leaving | None = state.get("leaving")
    return leaving is not None and leaving.has_begun
