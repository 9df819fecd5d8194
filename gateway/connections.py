"""One kept-open HTTP/1.1 connection to a replica: one request at a time, parsed by llhttp, within limits."""

import asyncio
from collections.abc import Callable
from itertools import chain
from typing import cast

import httptools

LARGEST_HEAD = 65_536
MOST_BUFFERED = 262_144


class ExchangeFailed(Exception):
    """The upstream did not answer as HTTP asks."""


class ConnectFailed(ExchangeFailed):
    """No connection could be made; nothing has been sent."""


class ConnectionBroken(ExchangeFailed):
    """The connection ended before the answer was complete."""


class InvalidAnswer(ExchangeFailed):
    """What came back is not a well-formed answer."""


class Connection(asyncio.Protocol):
    """The client's side of one connection."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self.idle_since = 0.0
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.known: dict[bytes, bytes] = {}
        """The headers by name; of one that came several times the last."""
        self.lines: bytes | None = None
        """What a caller is told of these headers, as far as somebody has worked it out."""
        self._told: tuple[int, list[tuple[bytes, bytes]]] = (0, [])
        """The status and the headers that the lines are of."""
        self.complete = True
        self.reusable = True
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: list[bytes] = []
        self._buffered = self._head_size = 0
        self._paused = self._interim = self._bodiless = False
        self.fault: ExchangeFailed | None = None
        self.listener: Callable[[], None] | None = None
        """Called whenever something has come, instead of waking who waits."""
        self._waiter: asyncio.Future[None] | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._loop = asyncio.get_running_loop()

    def send(self, head: bytes, *, bodiless: bool) -> None:
        """Begin an exchange. `bodiless`: the answer has no body whatever its headers say (HEAD)."""
        self.status, self.headers, self.complete, self._bodiless = (
            0,
            [],
            False,
            bodiless,
        )
        self._head_size, self.fault = 0, None
        self.transport.write(head)

    async def write(self, data: bytes) -> None:
        """Send a piece of the request's body once there is room for it."""
        await self._may_write.wait()
        if self.fault is not None:
            raise self.fault
        self.transport.write(data)

    async def wait_for_head(self) -> None:
        """Return when status and headers are there."""
        while not self.status:
            await self._wait()

    async def wait_for_all(self) -> bytes:
        """The rest of the body, when it is complete."""
        data = await self.read()
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
        if self.fault is not None and self.complete:
            raise self.fault
        return self.take()

    @property
    def was_heard(self) -> bool:
        """Whether any byte of an answer has come."""
        return self._head_size > 0

    @property
    def is_open(self) -> bool:
        """Whether another exchange may begin."""
        return self.reusable and self.complete and not self.transport.is_closing()

    def close(self) -> None:
        """Cut the connection, whatever is under way."""
        self.reusable = False
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
        """What has come of the body and was not read yet."""
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
        if not self.complete and self.fault is None:
            self.fault = fault
        self._may_write.set()
        self._wake()

    def _head_is_too_large(self) -> bool:
        return sum(map(len, chain(*self.headers))) > LARGEST_HEAD

    def _distrust(self) -> None:
        """What came is no answer, or more than the one that was asked for: none of it is passed on."""
        self.fault = self.fault or InvalidAnswer()
        self.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection stands."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """asyncio: something came. Nothing may come while nothing is asked."""
        if self.complete:
            self.close()
            return
        if not self.status:
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._distrust()
        if not self.status and self._head_size > LARGEST_HEAD:
            self._distrust()
        if self._buffered > MOST_BUFFERED and not self._paused:
            self._paused = True
            self.transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the connection is gone, with or without an error."""
        del exc
        self._break(ConnectionBroken())

    def pause_writing(self) -> None:
        """asyncio: the other side reads slower than we write."""
        self._may_write.clear()

    def resume_writing(self) -> None:
        """asyncio: there is room again."""
        self._may_write.set()

    def on_header(self, name: bytes, value: bytes) -> None:
        """llhttp: one header; trailers come after the status and are not passed on."""
        if not self.status:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """llhttp: the head is complete. Interim answers (1xx) are passed over; nobody asked to switch protocols."""
        if self.status:
            self._distrust()
            return
        status = self._parser.get_status_code()
        if status < 200:
            self._interim, self.headers = True, []
            if status == 101:
                self._distrust()
            return
        if (status, self.headers) != self._told or b"content-length" not in self.known:
            self.known, self._told, self.lines = (
                dict(self.headers),
                (status, self.headers),
                None,
            )
        if self._bodiless:
            self.complete, self.reusable = True, False
        elif not _has_an_end(status, self.known) or (
            self._head_size > LARGEST_HEAD and self._head_is_too_large()
        ):
            self._distrust()
            return
        self.status = status

    def on_body(self, body: bytes) -> None:
        """llhttp: a piece of the body."""
        if not self.complete:
            self._pieces.append(body)
            self._buffered += len(body)

    def on_message_complete(self) -> None:
        """llhttp: the answer ended as announced."""
        if self._interim:
            self._interim = False
            return
        self.complete = True
        self.reusable = self.reusable and self._parser.should_keep_alive()


def _has_an_end(status: int, headers: dict[bytes, bytes]) -> bool:
    """An answer that ends with the connection cannot be told from one cut short, so it is not taken."""
    return (
        b"content-length" in headers
        or b"transfer-encoding" in headers
        or status in {204, 304}
    )
