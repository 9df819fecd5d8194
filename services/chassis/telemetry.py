"""Numbers for operators: Prometheus metrics, labelled by route template and never by value.

Traces are FastAPI's own OpenTelemetry instrumentation, switched on by the standard OTEL_* variables.
"""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

REQUESTS = Counter("splot_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "splot_request_seconds",
    "Time to answer",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
POOL_IN_USE = Gauge("splot_database_connections_in_use", "Database connections checked out")
JOBS = Counter("splot_jobs_total", "Background jobs ended", ["kind", "state"])


async def serve_metrics(_: Request) -> Response:
    """Everything measured, in the Prometheus text format."""
    return Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})
