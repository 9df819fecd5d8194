"""A request as it arrived: its head, its trace, its body, and how it is answered."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from gateway.headers import Headers, read_headers
from gateway.upstreams import Exchange
from services.chassis.ground.correlation import new_trace, trace_of
from services.chassis.ground.problems import (
    ContentTooLarge,
    MalformedRequest,
    RequestTimeout,
    UnsupportedMediaType,
)
from services.chassis.telemetry.traces import spans

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# A body up to this size is read as a whole before the request is sent, so that it can
# be sent once more to another replica.
BUFFERED_BODY = 65_536
CLOSING = (b"connection", b"close")
"""For an answer to a request whose rest will not be read."""
BODILESS_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ClientGone(Exception):
    """The caller has left and waits for no answer."""


class Request:
    """A request, and the functions that answer it."""

    # On the class, so that a new object sets only what differs: there is one for
    # each request.
    status = 0
    """The status of the answer; 0 before it has begun."""
    client = buffered = trace = span = b""
    flags = b"01"
    """The trace's flags: whether it is kept."""
    route_name = "none"
    deadline = 0.0
    is_well_addressed = is_late = sender_left = False
    body: "Body | None" = None
    headers: dict[bytes, bytes] = {}  # noqa: RUF012 - replaced when they are read, never changed
    answer_headers: Headers = []  # noqa: RUF012 - replaced when they are known, never changed
    task: asyncio.Task[Any] | None = None
    exchange: Exchange | None = None
    """With the service, if the express lane has sent the request already."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.method: str = scope["method"]
        self.path: bytes = scope["raw_path"]
        self.query: bytes = scope["query_string"]

    def read_headers(self) -> None:
        """Read the headers; a Problem when they are too many, too long or ambiguous."""
        self.headers = read_headers(self.scope["headers"])

    def continue_trace(self) -> None:
        """Continue the caller's trace, or begin one if it is missing or broken."""
        # The express lane may have begun one already.
        if not self.trace:
            trace, self.span = new_trace()
            self.trace = trace_of(self.headers.get(b"traceparent", b"")) or trace
            # By its id alone: callers do not decide which traces are kept here.
            if (tracer := spans()) and not tracer.is_wanted(self.trace):
                self.flags = b"00"

    def take_over(self, express: "Request", exchange: Exchange) -> None:
        """Continue a request of the express lane: same trace, deadline and exchange."""
        self.trace, self.span, self.flags = express.trace, express.span, express.flags
        self.deadline, self.exchange = express.deadline, exchange

    @property
    def traceparent(self) -> bytes:
        """The header for requests and answers on behalf of this request."""
        return b"00-%b-%b-%b" % (self.trace, self.span, self.flags)

    @property
    def parent_id(self) -> str:
        """The caller's span if the trace is theirs; empty otherwise."""
        traceparent = self.headers.get(b"traceparent", b"")
        return (
            traceparent[36:52].decode() if trace_of(traceparent) == self.trace else ""
        )

    @property
    def trace_id(self) -> str:
        """The trace's id, as problems and log lines contain it."""
        return self.trace.decode()

    def open_body(self, most: int, patience: float) -> "Body":
        """The body of the request, unread; at most `most` bytes, `patience` seconds a piece.

        A Problem when its head announces a body that is not accepted.
        """
        headers = self.headers
        if b"content-length" not in headers and b"transfer-encoding" not in headers:
            self.body = NO_BODY
            return NO_BODY
        self.body = body = Body(self.receive, self.method, headers, most, patience)
        # The gateway does not read such a body, so the connection cannot be used again.
        if body.ignored:
            self.answer_headers.append(CLOSING)
        return body

    @property
    def target(self) -> bytes:
        """Path and query, as the service gets them."""
        return self.path + b"?" + self.query if self.query else self.path

    async def start(self, status: int, headers: Headers) -> None:
        """Send the head of the answer. After that, a failure can only cut the connection."""
        self.status = status
        await self.send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": headers + self.answer_headers,
            }
        )

    async def answer(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a whole answer."""
        self.status = status
        await self.send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": headers + self.answer_headers,
            }
        )
        await self.send({"type": "http.response.body", "body": body})

    @property
    def has_arrived(self) -> bool:
        """Whether all of the request has arrived."""
        return self.body is None or self.body.complete

    @property
    def needs_listener(self) -> bool:
        """Whether a listener must notice that the caller leaves; a body's reader would."""
        if self.body is None:
            # Not opened yet: a listener would take the body from its reader.
            return self.method in BODILESS_METHODS
        return self.body.complete

    def expire(self) -> None:
        """Stop working on the request: its deadline has passed."""
        self.is_late = True
        if self.task is not None:
            self.task.cancel()

    def abandon(self) -> None:
        """Stop working on the request: its caller has left."""
        self.sender_left = True
        if self.task is not None:
            self.task.cancel()


class Body:
    """The body of a request, read up to a number of bytes, each piece within a time."""

    def __init__(
        self,
        receive: Receive,
        method: str,
        headers: dict[bytes, bytes],
        most: int,
        patience: float,
    ) -> None:
        """A Problem when the head announces a body that is not accepted."""
        length = headers.get(b"content-length")
        self.chunked = b"transfer-encoding" in headers
        is_sent = self.chunked or (length is not None and length != b"0")
        self.ignored = is_sent and method in BODILESS_METHODS
        self.expected = is_sent and not self.ignored
        self.complete = not self.expected
        self._receive, self._most, self._patience = receive, most, patience
        self._read = 0
        if self.expected:
            self._check(headers)

    def _check(self, headers: dict[bytes, bytes]) -> None:
        length = headers.get(b"content-length", b"0")
        coding = headers.get(b"transfer-encoding", b"chunked").lower()
        if (
            headers.get(b"content-encoding", b"identity") != b"identity"
            or coding != b"chunked"
        ):
            raise UnsupportedMediaType
        # Python's numbers have no bound, but those of the next program may: 18 digits
        # fit into 64 bits.
        if not length.isdigit() or len(length) > 18:
            raise MalformedRequest
        if int(length) > self._most:
            raise ContentTooLarge

    async def beginning(self) -> bytes:
        """The whole body if it is short, else its beginning."""
        pieces: list[bytes] = []
        while not self.complete and self._read < BUFFERED_BODY:
            pieces.append(await self.piece())
        return b"".join(pieces)

    async def piece(self) -> bytes:
        """The next piece.

        RequestTimeout when it does not come, ContentTooLarge when it exceeds the limit,
        ClientGone when the caller leaves.
        """
        try:
            # For each piece: a large file on a slow line may take its time, but the
            # line must not fall silent.
            async with asyncio.timeout(self._patience):
                message = await self._receive()
        except TimeoutError:
            raise RequestTimeout from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        data: bytes = message.get("body", b"")
        self.complete = not message.get("more_body", False)
        self._read += len(data)
        # The head of a chunked body declares no length.
        if self._read > self._most:
            raise ContentTooLarge
        return data


async def _receive_nothing() -> dict[str, Any]:
    return {"type": "http.disconnect"}


NO_BODY = Body(_receive_nothing, "GET", {}, 0, 0.0)
"""The body of every request without one: most of them."""
