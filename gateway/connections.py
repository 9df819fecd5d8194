"""An HTTP/1.1 connection to a replica, kept open: one request at a time, read by llhttp."""

import asyncio
from collections.abc import Callable
from itertools import chain

import httptools

LARGEST_HEAD = 65_536
# With more than this in memory nothing is read from the replica until it is taken: a
# slow caller must not fill the memory.
MOST_BUFFERED = 262_144


class ExchangeFailed(Exception):
    """The upstream did not answer as HTTP asks."""


class ConnectFailed(ExchangeFailed):
    """No connection could be made; nothing has been sent."""


class ConnectionBroken(ExchangeFailed):
    """The connection ended before the answer was complete."""


class InvalidAnswer(ExchangeFailed):
    """The answer is not well-formed."""


class Connection(asyncio.Protocol):
    """The client's side of one connection."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self.idle_since = 0.0
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.by_name: dict[bytes, bytes] = {}
        """The headers by name; the last one where a name came several times."""
        self.answer_lines: bytes | None = None
        """The lines of these headers for the caller, once they are written out."""
        self._previous_head: tuple[int, list[tuple[bytes, bytes]]] = (0, [])
        """The status and the headers that `by_name` and `answer_lines` were made of."""
        # Nothing has been requested yet: bytes that arrive now are refused.
        self.complete = True
        self.reusable = True
        self.is_last = False
        """Whether the replica has announced that it takes no more requests on it."""
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: list[bytes] = []
        self._buffered = self._head_size = 0
        self._paused = self._interim = self._bodiless = False
        self.fault: ExchangeFailed | None = None
        self.listener: Callable[[], None] | None = None
        """Called after every event, instead of waking the task that waits."""
        self._waiter: asyncio.Future[None] | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._loop = asyncio.get_running_loop()

    def send(self, head: bytes, *, bodiless: bool) -> None:
        """Begin an exchange. `bodiless`: the answer has no body whatever its headers say (HEAD)."""
        # A new list, not an emptied one: `_previous_head` still holds the last one.
        self.status, self.headers, self._head_size = 0, [], 0
        self.complete, self._bodiless, self.fault = False, bodiless, None
        self.transport.write(head)

    async def write(self, data: bytes) -> None:
        """Send a piece of the request's body once there is room for it."""
        await self._may_write.wait()
        if self.fault is not None:
            raise self.fault
        self.transport.write(data)

    async def wait_for_head(self) -> None:
        """Return when status and headers have arrived."""
        while not self.status:
            await self._wait()

    async def wait_for_all(self) -> bytes:
        """The rest of the body, when it is complete."""
        data = await self.read()
        # Most bodies are taken in one piece: there is nothing to join.
        if self.complete and not self._pieces:
            return data
        pieces = [data]
        while data := await self.read():
            pieces.append(data)
        return b"".join(pieces)

    async def read(self) -> bytes:
        """The next piece of the body; empty at its end."""
        while not self._pieces and not self.complete:
            await self._wait()
        # Complete and at fault: more bytes followed than one answer, so that none of
        # them can be trusted.
        if self.fault is not None and self.complete:
            raise self.fault
        return self.take()

    @property
    def has_begun(self) -> bool:
        """Whether any byte of an answer has arrived."""
        return self._head_size > 0

    @property
    def is_open(self) -> bool:
        """Whether another request may be sent on it."""
        return self.reusable and self.complete and not self.transport.is_closing()

    def close(self) -> None:
        """Cut the connection, even in the middle of an answer."""
        self.reusable = False
        # `close` would first send the rest of the request.
        self.transport.abort()

    async def _wait(self) -> None:
        if self.fault is not None:
            raise self.fault
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def take(self) -> bytes:
        """The pieces of the body that have arrived and were not read yet."""
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces, self._buffered = [], 0
        if self._paused:
            self._paused = False
            self.transport.resume_reading()
        return data

    def _wake(self) -> None:
        if self.listener is not None:
            self.listener()
        elif self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _break(self, fault: ExchangeFailed) -> None:
        self.reusable = False
        # A connection that ends after its answer breaks nothing, and the first fault is
        # the cause of those that follow.
        if not self.complete and self.fault is None:
            self.fault = fault
        # A task that waits for room to write would otherwise wait for ever.
        self._may_write.set()
        self._wake()

    def _head_is_too_large(self) -> bool:
        return sum(map(len, chain(*self.headers))) > LARGEST_HEAD

    def _reject(self) -> None:
        """Pass nothing on: the bytes are no valid answer, or more than one."""
        self.fault = self.fault or InvalidAnswer()
        self.close()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """asyncio: the connection is made."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes arrived."""
        # Nothing was requested: these bytes must not become the next answer.
        if self.complete:
            self.close()
            return
        if not self.status:
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._reject()
        # llhttp has no limit of its own: a head without an end would only grow.
        if not self.status and self._head_size > LARGEST_HEAD:
            self._reject()
        if self._buffered > MOST_BUFFERED and not self._paused:
            self._paused = True
            self.transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the connection is gone, with or without an error."""
        del exc
        self._break(ConnectionBroken())

    def pause_writing(self) -> None:
        """asyncio: the replica reads more slowly than we write."""
        self._may_write.clear()

    def resume_writing(self) -> None:
        """asyncio: more may be written."""
        self._may_write.set()

    def on_header(self, name: bytes, value: bytes) -> None:
        """llhttp: one header, or a trailer, which comes after the head and is dropped."""
        if not self.status:
            # llhttp gives names as they were written; all our lists are in lower case.
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """llhttp: the head is complete. Interim answers (1xx) are skipped.

        101 is rejected: the gateway never asks to switch protocols.
        """
        # A second head, to which no request belongs.
        if self.status:
            self._reject()
            return
        status = self._parser.get_status_code()
        if status < 200:
            self._interim, self.headers = True, []
            if status == 101:
                self._reject()
            return
        head = (status, self.headers)
        # Most heads repeat the previous one. The lines of an answer in chunks hold the
        # length of that answer, so they are never used again.
        if head != self._previous_head or b"content-length" not in self.by_name:
            self.by_name, self._previous_head = dict(self.headers), head
            self.answer_lines = None
        if self._bodiless:
            # The parser does not know that HEAD was sent and expects a body, so that it
            # would misread the next answer.
            self.complete, self.reusable = True, False
        elif not _has_an_end(status, self.by_name) or (
            self._head_size > LARGEST_HEAD and self._head_is_too_large()
        ):
            self._reject()
            return
        self.status = status

    def on_body(self, body: bytes) -> None:
        """llhttp: a piece of the body."""
        # After HEAD the answer is complete with its head: a body that comes anyway does
        # not reach the caller.
        if not self.complete:
            self._pieces.append(body)
            self._buffered += len(body)

    def on_message_complete(self) -> None:
        """llhttp: the answer has ended as its head announced."""
        # llhttp counts an interim answer as a message of its own.
        if self._interim:
            self._interim = False
            return
        self.complete = True
        self.is_last = not self._parser.should_keep_alive()
        self.reusable = self.reusable and not self.is_last


def _has_an_end(status: int, headers: dict[bytes, bytes]) -> bool:
    """Whether the answer itself says where it ends.

    One that ends with its connection may as well have been cut short.
    """
    return (
        b"content-length" in headers
        or b"transfer-encoding" in headers
        or status in {204, 304}
    )
