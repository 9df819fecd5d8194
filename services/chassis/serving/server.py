"""uvicorn's HTTP protocol, guarded; given to it by `--http`, as `MODULE:CLASS`."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)

from services.chassis.serving.leaving import leaves

# uvicorn waits for ever: connections of slow clients would pile up.
HEAD_SECONDS = 10.0
# The longest wait for a byte of a body; trailers and chunk extensions do not count.
BODY_SECONDS = 30.0
# For a head that has not ended yet: one without an end would fill the memory.
LARGEST_READ_HEAD = 262_144
MOST_HEADERS = 64
LARGEST_HEADERS = 16_384
# The size of a chunk and its line ends; anything more is an extension or a trailer.
CHUNK_LINES = 16
# Clients that connected before the server stopped listening still get an answer.
NEWCOMER_SECONDS = 0.5
BODILESS_METHODS = frozenset({b"GET", b"HEAD", b"OPTIONS"})


class FaultyMessage(Exception):
    """A message without an end, or one that two parsers may read in two ways."""


class GuardedProtocol(HttpToolsProtocol):
    """Closes connections whose messages are faulty, too large or too slow.

    uvicorn adds trailers to the headers, and limits neither heads nor the bytes between
    the pieces of a body.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._waiting: asyncio.TimerHandle | None = None
        self._head_is_open = self._body_is_open = self._began_now = (
            self._body_has_come
        ) = False
        self._head_size = self._framing = self._expected = self._trailers = (
            self._trailers_size
        ) = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """asyncio: a client has connected; its request is due."""
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes came. They do not extend the time of an incomplete head."""
        self._began_now, self._expected = False, 0
        super().data_received(data)
        if self._head_is_open:
            self._head_size += len(data)
            if self._head_size > LARGEST_READ_HEAD:
                self._give_up()
            elif self._waiting is None:
                self._wait(HEAD_SECONDS)
        elif self._body_is_open:
            self._measure_framing(len(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the client has gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """llhttp: the first byte of a request."""
        self._head_is_open, self._head_size = True, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """llhttp: a header; after the body a trailer, which is counted and dropped."""
        if not self._body_is_open:
            super().on_header(name, value)
            return
        # Dropped, because uvicorn would add it to the headers that were checked.
        self._trailers += 1
        self._trailers_size += len(name) + len(value) + 4
        if self._trailers > MOST_HEADERS or self._trailers_size > LARGEST_HEADERS:
            raise FaultyMessage

    def on_headers_complete(self) -> None:
        """llhttp: the head is complete."""
        self._head_is_open = False
        self._stop_waiting()
        if self._is_faulty():
            raise FaultyMessage
        self._body_is_open = self._began_now = True
        self._framing = self._trailers = self._trailers_size = 0
        super().on_headers_complete()
        if leaves(self.app_state) and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_chunk_header(self) -> None:
        """llhttp: the size of a chunk."""
        self._expected += CHUNK_LINES
        self._close_if_bodiless()

    def on_body(self, body: bytes) -> None:
        """llhttp: a piece of the body."""
        self._expected += len(body)
        self._body_has_come = True
        self._close_if_bodiless()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """llhttp: the request is complete."""
        self._body_is_open = False
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """uvicorn: an answer is complete."""
        super().on_response_complete()
        self._hurry_the_rest()

    def shutdown(self) -> None:
        """uvicorn: the server ends."""
        if self.cycle is None:
            self.loop.call_later(NEWCOMER_SECONDS, self._give_up_newcomer)
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """uvicorn: the message is faulty."""
        # Sent only where it cannot be taken for the answer to another request.
        cycle: RequestResponseCycle | None = self.cycle
        is_first = self._body_is_open and not self.pipeline
        if (
            cycle is None
            or cycle.response_complete
            or (is_first and not cycle.response_started)
        ):
            super().send_400_response(msg)
        else:
            self._give_up()

    def _is_faulty(self) -> bool:
        """Whether target or framing has two readings (RFC 9112, 3.2 and 6.1)."""
        # A target has no fragment (RFC 9112, 3.2), and `*` names nothing here.
        if b"#" in self.url or self.url == b"*":
            return True
        # HTTP/1.0 knows no chunks: another reader may see another end (RFC 9112, 6.1).
        if self.parser.get_http_version() == "1.0":
            return any(name == b"transfer-encoding" for name, _ in self.headers)
        # The parser would read the body as the next request.
        if self.parser.should_upgrade():
            return any(
                name in {b"content-length", b"transfer-encoding"}
                for name, _ in self.headers
            )
        return False

    def _measure_framing(self, size: int) -> None:
        """Count the bytes that came with a body and are not part of it."""
        # Bytes that came together with the head are few, and partly the head itself.
        if not self._began_now:
            self._framing = max(0, self._framing + size - self._expected)
        if self._framing > LARGEST_HEADERS and not self.transport.is_closing():
            self.send_400_response("Invalid HTTP request received.")
        elif self._waiting is None:
            self._wait(BODY_SECONDS)

    def _close_if_bodiless(self) -> None:
        # Such a body is not read, so no request may follow it on this connection.
        if self.parser.get_method() in BODILESS_METHODS:
            self.cycle.keep_alive = False

    def _hurry_the_rest(self) -> None:
        """Give the rest of an answered request little time: it is not read."""
        if self._body_is_open and self.cycle.response_complete:
            self._stop_waiting()
            self._waiting = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _wait(self, seconds: float) -> None:
        self._waiting = self.loop.call_later(seconds, self._on_timeout)

    def _on_timeout(self) -> None:
        if self._body_is_open and (self._body_has_come or self.flow.read_paused):
            # Bytes came meanwhile, or we did not read: the time begins anew.
            self._body_has_come = False
            self._wait(BODY_SECONDS)
        else:
            self._give_up()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up_newcomer(self) -> None:
        if self.cycle is None:
            self._give_up()

    def _give_up(self) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.close()
