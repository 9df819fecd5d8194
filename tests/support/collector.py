"""A collector of telemetry in process: an application that exports, and what it has exported so far."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec, module_from_spec

import pytest
from fastapi import FastAPI
from opentelemetry import metrics, trace
from opentelemetry.sdk._logs import LoggerProvider, export
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.chassis.telemetry.traces import keep
from services.chassis.telemetry.tracing import keep_traces

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@cache
def exporting_app(service: str) -> FastAPI:
    """The application of a service as it is made where a collector is named. Nothing listens at its address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENDPOINT, "http://127.0.0.1:9")
        spec = find_spec(f"services.{service}.main")
        assert spec is not None
        assert spec.loader is not None
        # Beside the module that others have imported, whose application exports nothing.
        main = module_from_spec(spec)
        spec.loader.exec_module(main)
    app: FastAPI = main.app
    return app


class Collector:
    """Spans, measurements and log records as they were exported."""

    def __init__(self) -> None:
        self.spans, self.reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.logs = export.InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        self.tracers, self.loggers = TracerProvider(), LoggerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        self.loggers.add_log_record_processor(export.SimpleLogRecordProcessor(self.logs))
        self.meters = MeterProvider(metric_readers=[self.reader])

    def texts(self) -> dict[str, str]:
        """All of it as JSON, by kind."""
        measured = self.reader.get_metrics_data()
        return {
            "spans": "\n".join(span.to_json() for span in self.spans.get_finished_spans()),
            "measurements": "" if measured is None else measured.to_json(),
            "log records": "\n".join(record.to_json() for record in self.logs.get_finished_logs()),
        }


@contextmanager
def collecting() -> Iterator[Collector]:
    """In here, whoever exports does it to this collector."""
    collector = Collector()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trace, "get_tracer_provider", lambda: collector.tracers)
        patch.setattr(metrics, "get_meter_provider", lambda: collector.meters)
        patch.setattr("opentelemetry._logs.get_logger_provider", lambda: collector.loggers)
        patch.setattr("opentelemetry._logs.get_logger", lambda name, *_, **__: collector.loggers.get_logger(name))
        keep_traces()
        try:
            yield collector
        finally:
            keep(None)
