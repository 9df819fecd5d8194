"""Numbers for operators: Prometheus metrics, labelled by route template and never by value.

Traces are FastAPI's own OpenTelemetry instrumentation, switched on by the standard OTEL_EXPORTER_OTLP_* variables.
"""

from collections.abc import Mapping
from functools import lru_cache

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.requests import Request
from starlette.responses import Response

REQUESTS = Counter(
    "splot_requests_total", "Requests answered", ["method", "route", "status"]
)
SECONDS = Histogram(
    "splot_request_seconds",
    "Time to answer",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
POOL_IN_USE = Gauge(
    "splot_database_connections_in_use", "Database connections checked out"
)
JOBS = Counter("splot_jobs_total", "Background jobs ended", ["kind", "state"])


def telemetry_config(environment: Mapping[str, str]) -> TelemetryConfig:
    """Where the environment names a collector, everything is told to it; else FastAPI need not ask at every request."""
    is_named = any(
        name.startswith("OTEL_EXPORTER_OTLP_") and name.endswith("ENDPOINT")
        for name in environment
    )
    return (
        {"auto_configure": True}
        if is_named
        else {"tracing": False, "metrics": False, "logs": False}
    )


class _Discreet(SpanProcessor):
    """Leaves out of a span what was asked for: it may be personal."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        del parent_context
        if "url.query" in (span.attributes or {}):
            span.set_attribute("url.query", "")


def keep_queries_out_of_traces() -> None:
    """To be called once telemetry is configured."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.add_span_processor(_Discreet())


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """One more request answered."""
    answered, took = _counted(method, route, status)
    answered.inc()
    took.observe(seconds)


@lru_cache(maxsize=4096)
def _counted(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, status), SECONDS.labels(method, route)


async def serve_metrics(_: Request) -> Response:
    """Everything measured, in the Prometheus text format."""
    return Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})
