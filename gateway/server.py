"""uvicorn's HTTP protocol with an end to its patience: `--http gateway.server:PatientProtocol`."""

import asyncio
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from gateway.express import Acquaintance, Passage, board
from gateway.headers import Headers
from gateway.upstreams import Exchange

HEAD_SECONDS = 10.0
LARGEST_HEAD = 262_144
LONGEST_TARGET_READ = 16_384


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection whose request line and headers do not arrive in time; reads every form of target.

    A target in absolute form names the host that counts (RFC 9112, 3.2.2); CONNECT is refused as a method.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.acquaintance: Acquaintance | None = None
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
        if not self._take_express_lane():
            super().on_headers_complete()

    def write_answer(self, passage: Passage, status: int, headers: Headers, body: bytes) -> None:
        """Write a whole answer, and go on to the caller's next request."""
        lines = [STATUS_LINE[status]]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        for name, value in headers:
            lines += (name, b": ", value, b"\r\n")
        if not passage.keep_alive:
            lines.append(b"connection: close\r\n")
        lines += (b"\r\n", body)
        self.transport.write(b"".join(lines))
        passage.response_complete = True
        if not passage.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def hand_over(self, passage: Passage, exchange: Exchange) -> None:
        """Let uvicorn serve the request in its own way, with what has been begun."""
        scope: Any = passage.request.scope
        scope["splot.begun"] = (passage.request, exchange)
        cycle = RequestResponseCycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=passage.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.more_body = False
        if self.cycle is cast(RequestResponseCycle, passage):
            self.cycle = cycle
        self._start_asgi_task(cycle, self.app)

    def _take_express_lane(self) -> bool:
        entrance = getattr(self.app, "entrance", None)
        if entrance is None or self.parser.get_method() != b"GET":
            return False
        under_way: RequestResponseCycle | None = self.cycle
        if under_way is not None and not under_way.response_complete:
            return False
        path, _, query = self.url.partition(b"?")
        if b"#" in query or b"#" in path or self.parser.get_http_version() != "1.1":
            return False
        scope: Any = self.scope
        scope["method"], scope["raw_path"], scope["path"], scope["query_string"] = "GET", path, "", query
        passage = board(entrance, self, scope, keep_alive=self.parser.should_keep_alive())
        if passage is None:
            return False
        self.cycle = cast(RequestResponseCycle, passage)
        return True

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
