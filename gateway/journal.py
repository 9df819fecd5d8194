"""A log line and a count for every request, without path, query or caller."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from gateway.requests import Request
from services.chassis.fast.request_lines import RequestLines
from services.chassis.telemetry.traces import SAMPLED, Answered, spans

CLIENT_CLOSED_REQUEST = 499
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)


class Timing:
    """How long the requests of one kind took."""

    __slots__ = ("by_bound", "seconds")

    def __init__(self) -> None:
        self.by_bound = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0


class Journal(Collector):
    """Writes the log line of every request, and counts requests for Prometheus."""

    def __init__(self, lines: RequestLines) -> None:
        self._lines = lines
        # It stays small: llhttp knows some forty methods, and routes come from the
        # routing table alone.
        self._timings: dict[tuple[str, str, int], Timing] = {}

    def record(self, request: Request, seconds: float) -> None:
        """Count one request; `seconds` is how long it took.

        Status 499 stands for a caller who left before the answer began.
        """
        # The name of the route, never the path: paths hold ids of people's records.
        method, route = request.method, request.route_name
        status = request.status or CLIENT_CLOSED_REQUEST
        timing = self._timings.get((method, route, status))
        if timing is None:
            timing = self._timings[method, route, status] = Timing()
        timing.by_bound[bisect_left(BOUNDS, seconds)] += 1
        timing.seconds += seconds
        self._lines.add(method, route, status, seconds, request.trace_id)
        if (tracer := spans()) and request.flags == SAMPLED:
            tracer.add_request(
                Answered(
                    (request.trace_id, request.span.decode(), request.parent_id),
                    method,
                    route,
                    status,
                    seconds,
                )
            )

    def write(self) -> None:
        """Write the lines that are buffered."""
        self._lines.write()

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Prometheus: durations and counts by method, route and status."""
        family = HistogramMetricFamily(
            "splot_gateway_request_seconds",
            "Time to answer at the gateway",
            labels=["method", "route", "status"],
        )
        for (method, route, status), timing in self._timings.items():
            bounds = [*(str(bound) for bound in BOUNDS), "+Inf"]
            buckets = list(zip(bounds, accumulate(timing.by_bound), strict=True))
            family.add_metric([method, route, str(status)], buckets, timing.seconds)
        yield family
