"""Traces: switched on by a collector's address, and without what was asked for."""

from collections.abc import Mapping

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace


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


def keep_queries_out_of_traces() -> None:
    """To be called once telemetry is configured."""
    provider = trace.get_tracer_provider()
    # Nobody is told of traces: then the SDK, 4 MB, stays out of the process.
    if isinstance(provider, trace.ProxyTracerProvider):
        return
    from services.chassis.serving.spans import watch  # noqa: PLC0415

    watch(provider)
