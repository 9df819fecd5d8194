"""Log lines of requests, formatted by hand and written a few times a second."""

import asyncio
import logging
import sys
import time
from datetime import UTC, datetime

from services.chassis.ground.logs import LEVELS, logger

# A write for each line would cost as much as a query to the database.
WRITE_EVERY = 0.25
log = logger("request")


class RequestLines:
    """One line for each request, several written at once."""

    def __init__(self, service: str) -> None:
        # By hand: our own words, numbers and hex need no escaping.
        self._prefix = f'{{"service":"{service}","component":"request","event":"request","level":"info","method":"'
        self._are_kept = self._is_plain = False
        self._lines: list[str] = []
        self._second, self._second_text = 0, ""

    def start(self, level: str, *, plain: bool = False) -> None:
        """Keep lines from now on, if the level does. `plain`: each by structlog."""
        self._is_plain = plain
        self._are_kept = LEVELS[level] <= logging.INFO

    def add(
        self, method: str, route: str, status: int, seconds: float, trace_id: str
    ) -> None:
        """Log an ended request. `method` and `route` are words of our own."""
        if not self._are_kept:
            return
        if self._is_plain:
            facts = {"method": method, "route": route, "status": status}
            log.info("request", **facts, ms=round(seconds * 1000, 1), trace_id=trace_id)
            return
        # Scheduled only when a line waits: an idle process is not woken.
        if not self._lines:
            asyncio.get_running_loop().call_later(WRITE_EVERY, self.write)
        self._lines.append(
            f'{self._prefix}{method}","route":"{route}","status":{status},"ms":{seconds * 1000:.1f},'
            f'"trace_id":"{trace_id}","timestamp":"{self._stamp()}"}}\n'
        )

    def write(self) -> None:
        """Write the collected lines."""
        lines, self._lines = self._lines, []
        sys.stdout.write("".join(lines))
        sys.stdout.flush()

    def _stamp(self) -> str:
        now = time.time()
        # The lines of one second share its text, the costly part of an instant.
        if int(now) != self._second:
            self._second = int(now)
            self._second_text = datetime.fromtimestamp(self._second, UTC).strftime(
                "%Y-%m-%dT%H:%M:%S"
            )
        return f"{self._second_text}.{int(now * 1000) % 1000:03d}Z"
