"""A process that is asked to stop says so, waits a moment, then ends."""

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any


class Leaving:
    """Whether the process was asked to end.

    From then on it is not ready, and every answer closes its connection: clients send
    their next request elsewhere, and none into a connection that is about to end.
    """

    def __init__(self, seconds: float, begin: Callable[[], None]) -> None:
        """`begin` is called at the signal, which the server gets `seconds` later."""
        self.has_begun = False
        self._seconds, self._begin = seconds, begin

    def heed_signals(self) -> None:
        """Handle stop signals before the server, which would close connections."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            previous: Any = signal.getsignal(number)
            # No server: the signal keeps its usual effect.
            if not callable(previous):
                continue
            try:
                signal.signal(number, partial(self._on_signal, loop, previous))
            except ValueError:
                # Outside the main thread there are no signals, as in a test.
                return

    def _on_signal(
        self,
        loop: asyncio.AbstractEventLoop,
        previous: Callable[[int, FrameType | None], None],
        number: int,
        frame: FrameType | None,
    ) -> None:
        # A second signal means that there is no time to wait.
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
    """A Leaving that begins when the process is asked to end."""
    leaving = Leaving(seconds, begin)
    leaving.heed_signals()
    return leaving


def leaves(state: dict[str, Any]) -> bool:
    """Whether the process was asked to end, by the state of its server."""
    leaving: Leaving | None = state.get("leaving")
    return leaving is not None and leaving.has_begun
