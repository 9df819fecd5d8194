"""Traces of a service: switched on by a collector's address, made by FastAPI."""

from collections.abc import MutableMapping

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace

from services.chassis.telemetry.traces import (
    QUIET_PATHS,
    is_collector_named,
    keep,
    set_defaults,
)


def telemetry_config(
    service: str, environment: MutableMapping[str, str]
) -> TelemetryConfig:
    """Export traces if the environment names a collector.

    Otherwise all is off, and FastAPI need not check at every request. Log records are
    never exported: they repeat messages of errors, which may be personal. Nor are
    metrics: Prometheus scrapes ours.
    """
    if not is_collector_named(environment):
        return {"tracing": False, "metrics": False, "logs": False}
    set_defaults(service, environment)
    # One span a request: its parts are the statements.
    return {
        "auto_configure": True,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "exclude": lambda scope: scope["path"] in QUIET_PATHS,
    }


def keep_traces() -> None:
    """Record traces; called once FastAPI has found the collector."""
    provider = trace.get_tracer_provider()
    # No collector: then the SDK, 4 MB, stays out of the process.
    if isinstance(provider, trace.ProxyTracerProvider):
        return
    from services.chassis.telemetry.spans import spans_of  # noqa: PLC0415

    keep(spans_of(provider))
