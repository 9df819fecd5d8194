"""One line and one count per request: method, route, status, duration, trace. No path, query or name of a caller."""

import asyncio
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from gateway.requests import Request

WRITE_EVERY = 0.25
CLIENT_CLOSED_REQUEST = 499
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)


class Timing:
    """How long the requests of one kind took."""

    __slots__ = ("by_bound", "seconds")

    def __init__(self) -> None:
        self.by_bound = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0


class Journal(Collector):
    """Collects the lines of finished requests and writes them a few times a second; keeps the figures for /metrics."""

    def __init__(self, *, keeps_lines: bool) -> None:
        self._keeps_lines = keeps_lines
        self._lines: list[str] = []
        self._timings: dict[tuple[str, str, int], Timing] = {}
        self._second, self._second_text = 0, ""

    def record(self, request: Request, seconds: float) -> None:
        """Account for one request. A request whose sender left before the answer began counts as 499."""
        method, route, status = request.method, request.route_name, request.status or CLIENT_CLOSED_REQUEST
        timing = self._timings.get((method, route, status))
        if timing is None:
            timing = self._timings[method, route, status] = Timing()
        timing.by_bound[bisect_left(BOUNDS, seconds)] += 1
        timing.seconds += seconds
        if not self._keeps_lines:
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(WRITE_EVERY, self.write)
        self._lines.append(
            f'{{"service":"gateway","component":"request","event":"request","level":"info","method":"{method}",'
            f'"route":"{route}","status":{status},"ms":{seconds * 1000:.1f},"trace_id":"{request.trace_id}",'
            f'"timestamp":"{self._stamp()}"}}\n'
        )

    def write(self) -> None:
        """Write what has been collected."""
        lines, self._lines = self._lines, []
        sys.stdout.write("".join(lines))
        sys.stdout.flush()

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Prometheus: durations and counts by method, route and status."""
        family = HistogramMetricFamily(
            "splot_gateway_request_seconds", "Time to answer at the gateway", labels=["method", "route", "status"]
        )
        for (method, route, status), timing in self._timings.items():
            bounds = [*(str(bound) for bound in BOUNDS), "+Inf"]
            buckets = list(zip(bounds, accumulate(timing.by_bound), strict=True))
            family.add_metric([method, route, str(status)], buckets, timing.seconds)
        yield family

    def _stamp(self) -> str:
        now = time.time()
        if int(now) != self._second:
            self._second = int(now)
            self._second_text = datetime.fromtimestamp(self._second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._second_text}.{int(now * 1000) % 1000:03d}Z"
