"""The spans of this process, and what they leave out. Loaded if traces are kept."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import SpanContext, SpanKind, StatusCode, TraceFlags

from services.chassis.telemetry.statements import described
from services.chassis.telemetry.traces import Answered

# What was requested, and from where: it may be personal.
_LEFT_OUT = ("url.query", "url.path", "client.address", "user_agent.original")
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_NOBODY = Context()


class Discreet(SpanProcessor):
    """Empties attributes that say what was requested: they may be personal."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        del parent_context
        for name in _LEFT_OUT:
            if name in (span.attributes or {}):
                # Emptied: an attribute of a span can be changed, but not removed.
                span.set_attribute(name, "")


class Ids(RandomIdGenerator):
    """Random ids, except for the next span, whose ids may be given before."""

    def __init__(self) -> None:
        self._trace = self._span = 0

    def give(self, trace_id: int, span_id: int = 0) -> None:
        """The next span is in this trace, if it has no parent, and has this id."""
        self._trace, self._span = trace_id, span_id

    def generate_trace_id(self) -> int:
        """OpenTelemetry: the trace of a span without a parent."""
        fixed_id, self._trace = self._trace, 0
        return fixed_id or super().generate_trace_id()

    def generate_span_id(self) -> int:
        """OpenTelemetry: the id of a span."""
        fixed_id, self._span, self._trace = self._span, 0, 0
        return fixed_id or super().generate_span_id()

    def is_trace_id_random(self) -> bool:
        """OpenTelemetry: no; a trace id may come from the caller."""
        return False


class Spans:
    """Makes spans: named by route, kind of work and statement, never by value."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider, self._ids = provider, Ids()
        provider.add_span_processor(Discreet())
        # Before the first tracer is made: each takes the id generator of that time.
        provider.id_generator = self._ids
        self._tracer = provider.get_tracer("splot")

    def is_wanted(self, trace_id: bytes) -> bool:
        """Whether a trace is kept: by its id, whatever its caller's flags."""
        sampling = self._provider.sampler.should_sample(_NOBODY, int(trace_id, 16), "")
        return sampling.decision is Decision.RECORD_AND_SAMPLE

    def here(self) -> tuple[str, str, str] | None:
        """Trace, span and flags of the running code; None outside any span."""
        context = trace.get_current_span().get_span_context()
        if not context.is_valid:
            return None
        ids = format(context.trace_id, "032x"), format(context.span_id, "016x")
        return *ids, format(context.trace_flags, "02x")

    def name_route(self, method: str, route: str) -> None:
        """Name the span of a request by its template."""
        span = trace.get_current_span()
        span.update_name(f"{method} {route}")
        span.set_attributes({"http.route": route, "url.path": route})

    @contextmanager
    def work(self, name: str, trace_id: str) -> Iterator[tuple[str, str, str]]:
        """A span of background work in its cause's trace: trace, span and flags."""
        self._ids.give(int(trace_id, 16))
        with self._tracer.start_as_current_span(
            name,
            context=_NOBODY,
            kind=SpanKind.CONSUMER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield self.here() or (trace_id, "0" * 16, "00")
            except BaseException as error:
                span.set_status(StatusCode.ERROR)
                span.set_attribute("error.type", type(error).__qualname__)
                raise

    def add_request(self, request: Answered) -> None:
        """The span of a request that has ended."""
        end_time = time.time_ns()
        trace_id, span_id, parent = (int(each or "0", 16) for each in request.ids)
        context = _NOBODY
        if parent:
            caller = SpanContext(trace_id, parent, is_remote=True, trace_flags=_SAMPLED)
            context = trace.set_span_in_context(trace.NonRecordingSpan(caller), _NOBODY)
        self._ids.give(trace_id, span_id)
        span = self._tracer.start_span(
            f"{request.method} {request.route}",
            context,
            SpanKind.SERVER,
            {
                "http.request.method": request.method,
                "http.response.status_code": request.status,
                "splot.route": request.route,
            },
            start_time=end_time - int(request.seconds * 1e9),
        )
        if request.status >= 500:
            span.set_attribute("error.type", str(request.status))
            span.set_status(StatusCode.ERROR)
        span.end(end_time)

    def add_statement(
        self, schema: str, sql: str, seconds: float, sqlstate: str | None
    ) -> None:
        """The span of a statement that has ended, as a child of the current one."""
        # By its sampling flag: the request's span may have ended already.
        context = trace.get_current_span().get_span_context()
        if not context.is_valid or not context.trace_flags.sampled:
            return
        end_time = time.time_ns()
        statement = described(sql)
        span = self._tracer.start_span(
            statement.summary,
            kind=SpanKind.CLIENT,
            attributes={"db.namespace": schema, **statement.attributes},
            start_time=end_time - int(seconds * 1e9),
        )
        if sqlstate is not None:
            attributes = {"db.response.status_code": sqlstate, "error.type": sqlstate}
            span.set_attributes(attributes)
            span.set_status(StatusCode.ERROR)
        span.end(end_time)

    async def close(self) -> None:
        """Export the remaining spans."""
        # It waits for the collector, and must not hold up others.
        await asyncio.to_thread(self._provider.shutdown)


def spans_of(provider: object) -> Spans | None:
    """The maker of spans for this provider; None if the provider is not the SDK's."""
    return Spans(provider) if isinstance(provider, TracerProvider) else None


def exporting() -> Spans:
    """A maker of spans that go to the collector named in the environment."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Spans(provider)
