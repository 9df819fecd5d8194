"""One request as it arrived, read once: what it asks for, on whose trace, and where its answer goes."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from gateway.headers import Headers, read_headers
from gateway.routes import Traffic
from services.chassis.problems import ContentTooLarge, MalformedRequest, RequestTimeout, UnsupportedMediaType

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

BUFFERED_BODY = 65_536
WATCH_AFTER = 0.2
CLOSING = (b"connection", b"close")
"""Said when more of the request may still come, which nobody will read."""
BODILESS_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEX = b"0123456789abcdef"


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class Request:
    """A request and the way back to its sender."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.method: str = scope["method"]
        self.path: bytes = scope["raw_path"]
        self.query: bytes = scope["query_string"]
        self.headers: dict[bytes, bytes] = {}
        self.answer_headers: Headers = []
        self.body: Body | None = None
        self.buffered = b""
        self.client = b""
        self.status = 0
        self.trace_id = self.span_id = ""
        self.route_name = "none"
        self.traffic = Traffic.CALL
        self.deadline = 0.0
        self.is_well_addressed = self.is_late = self.sender_left = False
        self.task: asyncio.Task[Any] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def read_headers(self) -> None:
        """Read the headers and continue the sender's trace; a broken one is replaced by a new one."""
        try:
            self.headers = read_headers(self.scope["headers"])
        finally:
            self.trace_id = trace_of(self.headers.get(b"traceparent", b"")) or f"{random.getrandbits(128) | 1:032x}"
            self.span_id = f"{random.getrandbits(64) | 1:016x}"

    def open_body(self, most: int, patience: float) -> "Body":
        """The body of the request, of which nothing has been read yet. Raises when it may not be read at all."""
        self.body = Body(self, most, patience)
        self.body.check(self.headers)
        if self.body.ignored:
            self.answer_headers.append(CLOSING)
        return self.body

    @property
    def target(self) -> bytes:
        """Path and query, as they are passed on."""
        return self.path + b"?" + self.query if self.query else self.path

    async def start(self, status: int, headers: Headers) -> None:
        """Send the head of the answer. From here on a failure can only break the connection off."""
        self.status = status
        await self.send({"type": "http.response.start", "status": status, "headers": headers + self.answer_headers})

    async def answer(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a whole answer."""
        await self.start(status, headers)
        await self.send({"type": "http.response.body", "body": body})

    def begin(self, loop: asyncio.AbstractEventLoop, deadline: float) -> None:
        """From now on the work is given up at the deadline, or when the sender leaves.

        Most requests are answered sooner than anybody grows impatient, so neither is looked at before WATCH_AFTER.
        """
        self.task = asyncio.current_task()
        self.deadline = deadline
        self._timer = loop.call_later(WATCH_AFTER, self._watch)

    def move_deadline(self, deadline: float) -> None:
        """Give the request another total time than every request has."""
        self.deadline = deadline
        if self._watching is not None and self._timer is not None:
            self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_at(deadline, self.expire)

    def end(self) -> None:
        """The work is done, or given up."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._watching is not None:
            self._watching.cancel()

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        self._watching = loop.create_task(self._watch_sender())
        self._timer = loop.call_at(self.deadline, self.expire)

    def expire(self) -> None:
        """The time is up."""
        self.is_late = True
        if self.task is not None:
            self.task.cancel()

    async def _watch_sender(self) -> None:
        while self.body is not None and not self.body.complete:
            await self.body.read_to_its_end.wait()
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.sender_left = True
        if self.task is not None:
            self.task.cancel()


def trace_of(traceparent: bytes) -> str | None:
    """The trace id of a well-formed W3C traceparent, version 00.

    >>> trace_of(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    '0af7651916cd43dd8448eb211c80319c'
    >>> trace_of(b"00-00000000000000000000000000000000-b7ad6b7169203331-01") is None
    True
    """
    if len(traceparent) != 55 or traceparent.translate(None, HEX) != b"---" or not traceparent.startswith(b"00-"):
        return None
    if traceparent[35] != 45 or traceparent[52] != 45 or traceparent[3:35] == b"0" * 32:
        return None
    return traceparent[3:35].decode()


class Body:
    """The body of a request, read no further than its limit and with a limited patience."""

    def __init__(self, request: Request, most: int, patience: float) -> None:
        headers = request.headers
        declared = headers.get(b"content-length")
        self.chunked = b"transfer-encoding" in headers
        sent = self.chunked or (declared is not None and declared != b"0")
        self.ignored = sent and request.method in BODILESS_METHODS
        self.expected = sent and not self.ignored
        self.complete = not self.expected
        self._receive, self._most, self._patience = request.receive, most, patience
        self._read = 0
        self.read_to_its_end = asyncio.Event()

    def check(self, headers: dict[bytes, bytes]) -> None:
        """Raise when the body is announced as one that is not taken."""
        if not self.expected:
            return
        declared = headers.get(b"content-length", b"0")
        if headers.get(b"content-encoding", b"identity") != b"identity":
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
        if self.complete:
            self.read_to_its_end.set()
        self._read += len(data)
        if self._read > self._most:
            raise ContentTooLarge
        return data
