"""Traces: switched on by a collector's address, and without what was asked for."""

from collections.abc import Mapping

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider


def telemetry_config(environment: Mapping[str, str]) -> TelemetryConfig:
    """Where the environment names a collector, traces and metrics are told to it; else FastAPI need not ask at every
    request. Never its log records: they repeat what an error says, and that may be personal.
    """
    is_named = any(
        name.startswith("OTEL_EXPORTER_OTLP_") and name.endswith("ENDPOINT")
        for name in environment
    )
    return (
        {"auto_configure": True, "logs": False}
        if is_named
        else {"tracing": False, "metrics": False, "logs": False}
    )


class _Discreet(SpanProcessor):
    """Leaves out of a span what was asked for: it may be personal."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        del parent_context
        if "url.query" in (span.attributes or {}):
            # Emptied: an attribute of a span can be changed and not removed.
            span.set_attribute("url.query", "")


def keep_queries_out_of_traces() -> None:
    """To be called once telemetry is configured."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.add_span_processor(_Discreet())
