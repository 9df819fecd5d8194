"""One request as it arrived, read once: what it asks for, on whose trace, and where its answer goes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from gateway.headers import Headers, read_headers
from gateway.upstreams import Exchange
from services.chassis.correlation import new_trace, trace_of
from services.chassis.problems import (
    ContentTooLarge,
    MalformedRequest,
    RequestTimeout,
    UnsupportedMediaType,
)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

BUFFERED_BODY = 65_536
CLOSING = (b"connection", b"close")
"""Said when more of the request may still come, which nobody will read."""
BODILESS_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class Request:
    """A request and the way back to its sender."""

    status = 0
    """Of the answer, once it has begun."""
    client = buffered = trace = span = b""
    route_name = "none"
    deadline = 0.0
    is_well_addressed = is_late = sender_left = False
    body: "Body | None" = None
    headers: dict[bytes, bytes] = {}  # noqa: RUF012 - replaced when they are read, never changed
    answer_headers: Headers = []  # noqa: RUF012 - replaced when they are known, never changed
    task: asyncio.Task[Any] | None = None
    exchange: Exchange | None = None
    """With the upstream, when it has begun already."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.method: str = scope["method"]
        self.path: bytes = scope["raw_path"]
        self.query: bytes = scope["query_string"]

    def read_headers(self) -> None:
        """Read the headers. Raises when they are too many, too long or ambiguous."""
        self.headers = read_headers(self.scope["headers"])

    def continue_trace(self) -> None:
        """Continue the sender's trace; a missing or broken one is replaced by a new one."""
        if not self.trace:
            trace, self.span = new_trace()
            self.trace = trace_of(self.headers.get(b"traceparent", b"")) or trace

    def take_over(self, begun: "Request", exchange: Exchange) -> None:
        """Go on with what was begun for this request on the express lane: same trace, same deadline, same exchange."""
        self.trace, self.span, self.deadline, self.exchange = (
            begun.trace,
            begun.span,
            begun.deadline,
            exchange,
        )

    @property
    def trace_id(self) -> str:
        """The trace, as it is written in problems and log lines."""
        return self.trace.decode()

    def open_body(self, most: int, patience: float) -> "Body":
        """The body of the request, of which nothing has been read yet. Raises when it may not be read at all."""
        headers = self.headers
        if b"content-length" not in headers and b"transfer-encoding" not in headers:
            self.body = NO_BODY
            return NO_BODY
        self.body = body = Body(self.receive, self.method, headers, most, patience)
        if body.ignored:
            self.answer_headers.append(CLOSING)
        return body

    @property
    def target(self) -> bytes:
        """Path and query, as they are passed on."""
        return self.path + b"?" + self.query if self.query else self.path

    async def start(self, status: int, headers: Headers) -> None:
        """Send the head of the answer. From here on a failure can only break the connection off."""
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
        """Whether all of it is here: no body is being waited for."""
        return self.body is None or self.body.complete

    @property
    def needs_listener(self) -> bool:
        """Whether nobody else would notice that the sender leaves; the reader of a body does."""
        return self.has_arrived

    def expire(self) -> None:
        """The time is up: give up the work, wherever it stands."""
        self.is_late = True
        if self.task is not None:
            self.task.cancel()

    def abandon(self) -> None:
        """Nobody waits for the answer any more: give up the work."""
        self.sender_left = True
        if self.task is not None:
            self.task.cancel()


class Body:
    """The body of a request, read no further than its limit and with a limited patience."""

    def __init__(
        self,
        receive: Receive,
        method: str,
        headers: dict[bytes, bytes],
        most: int,
        patience: float,
    ) -> None:
        """Raises when the body is announced as one that is not taken."""
        declared = headers.get(b"content-length")
        self.chunked = b"transfer-encoding" in headers
        sent = self.chunked or (declared is not None and declared != b"0")
        self.ignored = sent and method in BODILESS_METHODS
        self.expected = sent and not self.ignored
        self.complete = not self.expected
        self._receive, self._most, self._patience = receive, most, patience
        self._read = 0
        if self.expected:
            self._check(headers)

    def _check(self, headers: dict[bytes, bytes]) -> None:
        declared = headers.get(b"content-length", b"0")
        coding = headers.get(b"transfer-encoding", b"chunked").lower()
        if (
            headers.get(b"content-encoding", b"identity") != b"identity"
            or coding != b"chunked"
        ):
            raise UnsupportedMediaType
        if not declared.isdigit() or len(declared) > 18:
            raise MalformedRequest
        if int(declared) > self._most:
            raise ContentTooLarge

    async def beginning(self) -> bytes:
        """The whole body if it is short, else its beginning."""
        pieces: list[bytes] = []
        while not self.complete and self._read < BUFFERED_BODY:
            pieces.append(await self.piece())
        return b"".join(pieces)

    async def piece(self) -> bytes:
        """The next piece. Raises when the sender stalls, sends more than allowed, or leaves."""
        try:
            async with asyncio.timeout(self._patience):
                message = await self._receive()
        except TimeoutError:
            raise RequestTimeout from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        data: bytes = message.get("body", b"")
        self.complete = not message.get("more_body", False)
        self._read += len(data)
        if self._read > self._most:
            raise ContentTooLarge
        return data


async def _nothing() -> dict[str, Any]:
    return {"type": "http.disconnect"}


NO_BODY = Body(_nothing, "GET", {}, 0, 0.0)
"""What most requests carry."""
