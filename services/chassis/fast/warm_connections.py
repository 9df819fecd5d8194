"""Connections that lie ready between two requests, past SQLAlchemy's pool.

The pool makes a greenlet for each taking and each giving back, with a stack that is
mapped and unmapped: a tenth of a list. Who finds one ready here pays next to nothing.
"""

import time

from services.chassis.servers.held import Held
from services.chassis.servers.pools import IDLE_SECONDS_BEFORE_PING


class WarmConnections:
    """Connections kept out of one pool for a moment; the last used is taken first."""

    def __init__(self) -> None:
        self._ready: list[Held] = []

    def take(self) -> Held | None:
        """One that was used a moment ago; None where there is none."""
        # No lock: nothing is awaited in here, so no two requests take the same one.
        while self._ready:
            held = self._ready.pop()
            rested = time.monotonic() - held.info["returned"]
            if rested < IDLE_SECONDS_BEFORE_PING and not held.driver.is_closed():
                return held
            # The pool tries it before it is used again.
            held.info["is_rested"] = True
            held.give_back()
        return None

    def keep(self, held: Held) -> bool:
        """Keep it ready, unless it is closed."""
        if held.driver.is_closed():
            return False
        held.info["returned"] = time.monotonic()
        self._ready.append(held)
        return True

    def count(self) -> int:
        """How many lie ready."""
        return len(self._ready)

    def let_go(self) -> None:
        """Give all of them back to the pool."""
        while self._ready:
            self._ready.pop().give_back()
