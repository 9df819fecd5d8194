"""uvicorn's HTTP protocol with an end to its patience: `--http gateway.server:PatientProtocol`."""

import asyncio
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
LARGEST_HEAD = 262_144
LONGEST_TARGET_READ = 16_384


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection whose request line and headers do not arrive in time; reads every form of target.

    A target in absolute form names the host that counts (RFC 9112, 3.2.2); CONNECT is refused as a method.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._waiting: asyncio.TimerHandle | None = None
        self._head_is_open = False
        self._head_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """asyncio: a client has connected, and owes a request."""
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """asyncio: something came. Half a head starts the clock; it does not start anew with every byte."""
        super().data_received(data)
        if self._head_is_open:
            self._head_size += len(data)
            if self._head_size > LARGEST_HEAD:
                self._give_up()
            elif self._waiting is None:
                self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the client has gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """llhttp: the first byte of a request."""
        self._head_is_open, self._head_size = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """llhttp: the head is there."""
        self._head_is_open = False
        self._stop_waiting()
        self.url = self.url[:LONGEST_TARGET_READ]  # enough to be refused as too long
        if not self.url.startswith(b"/"):
            self._read_unusual_target()
        super().on_headers_complete()

    def _read_unusual_target(self) -> None:
        if self.parser.get_method() == b"CONNECT" or self.url == b"*":
            self.url = b"/"
            return
        host = httptools.parse_url(self.url).host
        named = [(name, value) for name, value in self.headers if name != b"host"]
        self.headers[:] = [*named, (b"host", host or b"")]

    def _expect_head(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.close()
