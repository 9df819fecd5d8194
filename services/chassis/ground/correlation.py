"""The outermost layer of a request: trace, deadline, log line, and the last refusal."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, Protocol

from services.chassis.ground.logs import describe_exception, logger
from services.chassis.ground.outcomes import refusal_of
from services.chassis.ground.problems import Problem, UpstreamTimeout
from services.chassis.telemetry.counting import UNDER_WAY, count_request
from services.chassis.telemetry.traces import QUIET_PATHS, spans

# As long as the gateway lets an event stream run, which is its longest request.
LONGEST_DEADLINE_MS = 3_600_000
_HEX = b"0123456789abcdef"

log = logger("request")


class Trace(NamedTuple):
    """W3C trace context of the request being served."""

    trace_id: str
    span_id: str
    flags: str = "01"

    @property
    def traceparent(self) -> str:
        """The header value for calls made on behalf of this request."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


current_trace: ContextVar[Trace | None] = ContextVar("current_trace", default=None)
current_deadline: ContextVar[float | None] = ContextVar(
    "current_deadline", default=None
)


def trace_id() -> str:
    """The trace of this request; all zeros outside any request."""
    trace = current_trace.get()
    return trace.trace_id if trace else "0" * 32


def remaining_seconds(at_most: float) -> float:
    """How long this request may still take, never more than `at_most`."""
    deadline = current_deadline.get()
    return (
        at_most
        if deadline is None
        else max(0.0, min(at_most, deadline - time.monotonic()))
    )


def new_trace() -> tuple[bytes, bytes]:
    """A random trace and span in hex."""
    digits = secrets.token_hex(24).encode()
    return digits[:32], digits[32:]


def trace_of(traceparent: bytes) -> bytes | None:
    """The trace id of a well-formed W3C traceparent, version 00.

    >>> trace_of(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    b'0af7651916cd43dd8448eb211c80319c'
    >>> trace_of(b"00-00000000000000000000000000000000-b7ad6b7169203331-01") is None
    True
    """
    if (
        len(traceparent) != 55
        or traceparent.translate(None, _HEX) != b"---"
        or not traceparent.startswith(b"00-")
    ):
        return None
    # 45 is the hyphen; a trace id of zeros is invalid (W3C Trace Context, 3.2.2.3).
    if traceparent[35] != 45 or traceparent[52] != 45 or traceparent[3:35] == b"0" * 32:
        return None
    return traceparent[3:35]


def start_trace(headers: dict[bytes, bytes]) -> Trace:
    """Continue the caller's trace; a missing or broken one is replaced by a new one."""
    # Where traces are recorded, the span of this request is open already.
    if (tracer := spans()) and (ids := tracer.here()):
        return Trace(*ids)
    trace, span = new_trace()
    return Trace(
        (trace_of(headers.get(b"traceparent", b"")) or trace).decode(), span.decode()
    )


@contextmanager
def going_on(trace_id: str, work: str) -> Iterator[None]:
    """Inside the block, background work continues the trace of its cause."""
    if (tracer := spans()) is None:
        with _current(Trace(trace_id, secrets.token_hex(8))):
            yield
        return
    with tracer.work(work, trace_id) as ids, _current(Trace(*ids)):
        yield


@contextmanager
def _current(trace: Trace) -> Iterator[None]:
    token = current_trace.set(trace)
    try:
        yield
    finally:
        current_trace.reset(token)


def _deadline_seconds(headers: dict[bytes, bytes]) -> float | None:
    # The gateway keeps the deadline itself: an unreadable header is ignored.
    raw = headers.get(b"x-deadline-ms", b"")
    return (
        min(int(raw), LONGEST_DEADLINE_MS) / 1000
        if raw.isdigit() and len(raw) < 10
        else None
    )


class Lines(Protocol):
    """Takes a log line for each request."""

    def add(
        self, method: str, route: str, status: int, seconds: float, trace_id: str
    ) -> None:
        """Add the line of a request that has ended."""


class Correlation:
    """Pure ASGI middleware around the whole application."""

    def __init__(
        self, app: Any, problem_of: Callable[[BaseException], Problem], lines: Lines
    ) -> None:
        self.app, self.problem_of, self.lines = app, problem_of, lines

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await _Exchange(scope, send).run(self, receive)


class _Exchange:
    """One request, its trace and its answer."""

    def __init__(self, scope: dict[str, Any], send: Any) -> None:
        self.scope, self.send = scope, send
        self.headers = dict(scope["headers"])
        self.status = 0
        self.started = time.perf_counter()
        self.trace = start_trace(self.headers)
        self.is_quiet = scope["path"] in QUIET_PATHS

    @property
    def template(self) -> str:
        """The template, not the path, which holds ids; unknown paths share one label."""
        return getattr(self.scope.get("route"), "path", "unmatched")

    @property
    def route(self) -> str:
        """The template without `/v1/<service>`."""
        template = self.template
        behind = template.startswith("/v1/")
        return "/" + template.split("/", 3)[3] if behind else template

    async def run(self, layer: Correlation, receive: Any) -> None:
        current_trace.set(self.trace)
        if not self.is_quiet:
            UNDER_WAY.inc()
        # An instant: calls to other services get only the time that is left.
        seconds = _deadline_seconds(self.headers)
        current_deadline.set(None if seconds is None else time.monotonic() + seconds)
        deadline = asyncio.timeout(seconds)
        try:
            async with deadline:
                await layer.app(self.scope, receive, self.answer)
        except Exception as error:  # noqa: BLE001
            # The last line of defence: nothing of the error reaches the caller.
            await self.refuse(
                UpstreamTimeout() if deadline.expired() else layer.problem_of(error),
                error,
            )
        finally:
            self.account(layer.lines)

    async def answer(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if tracer := spans():
                tracer.name_route(self.scope["method"], self.template)
            message["headers"] = [
                *message["headers"],
                (b"traceparent", self.trace.traceparent.encode()),
                *self.scope.get("splot.headers", ()),
            ]
        await self.send(message)

    async def refuse(
        self, problem: Problem, error: BaseException | None = None
    ) -> None:
        if error is not None:
            log.error(
                "request failed",
                trace_id=self.trace.trace_id,
                problem=problem.slug(),
                **describe_exception(error),
            )
        # The answer has begun: it can only be broken off.
        if self.status:
            raise ConnectionAbortedError
        headers, body = refusal_of(
            problem,
            accept_language=self.headers.get(b"accept-language", b"").decode("latin-1"),
            trace_id=self.trace.trace_id,
            path=self.scope["path"],
        )
        headers.append((b"content-length", str(len(body)).encode()))
        start = {"type": "http.response.start", "status": problem.status}
        await self.answer(start | {"headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    def account(self, lines: Lines) -> None:
        seconds = time.perf_counter() - self.started
        if self.is_quiet:
            return
        UNDER_WAY.dec()
        method, route = self.scope["method"], self.route
        count_request(method, route, self.status, seconds)
        lines.add(method, route, self.status, seconds, self.trace.trace_id)
