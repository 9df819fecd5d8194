"""uvicorn's HTTP protocol, guarded and with an express lane: `--http gateway.server:PatientProtocol`."""

import asyncio
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from gateway.express import Acquaintance, Passage, board
from gateway.headers import Headers, lines_of
from gateway.upstreams import Exchange
from services.chassis.server import GuardedProtocol

LONGEST_TARGET_READ = 16_384


class PatientProtocol(GuardedProtocol):
    """Lets plain reads pass on the express lane; reads every form of target.

    A target in absolute form names the host that counts (RFC 9112, 3.2.2); CONNECT is refused as a method.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.acquaintance: Acquaintance | None = None
        self._entrance = getattr(self.app, "entrance", None)
        self._rests_since: float | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the client has gone."""
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """llhttp: the first byte of a request. uvicorn makes a scope of it here; we, when it goes the ordinary way."""
        self._head_is_open, self._head_size = True, 0
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_headers_complete(self) -> None:
        """llhttp: the head is there."""
        self._head_is_open = False
        self._stop_waiting()
        parser, url = self.parser, self.url
        is_plain = (
            parser.get_method() == b"GET"
            and b"#" not in url
            and parser.get_http_version() == "1.1"
        )
        if not is_plain or not self._take_express_lane(
            self.headers, url, keep_alive=parser.should_keep_alive()
        ):
            self._take_ordinary_way()

    def on_message_complete(self) -> None:
        """llhttp: the request is there. One on the express lane has been sent on already."""
        if not isinstance(self.cycle, Passage):
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """uvicorn: an answer is complete, and its receiver may rest for a while. One timer does for many requests."""
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._hurry_the_rest()
        self._rests_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_after(self.timeout_keep_alive)

    def _unset_keepalive_if_required(self) -> None:
        """uvicorn: nobody rests any more. The timer goes on, and looks when it ends."""
        self._rests_since = None

    def timeout_keep_alive_handler(self) -> None:
        """uvicorn: somebody may have rested long enough."""
        self.timeout_keep_alive_task = None
        if self._rests_since is not None:
            left = self._rests_since + self.timeout_keep_alive - self.loop.time()
            if left > 0:
                self._look_after(left)
            else:
                super().timeout_keep_alive_handler()

    def write_answer(self, passage: Passage, lines: bytes, body: bytes) -> None:
        """Write a whole answer, and go on to the caller's next request."""
        if not passage.keep_alive:
            lines += b"connection: close\r\n"
        date = lines_of(self.server_state.default_headers)
        self.transport.write(
            b"%b%b%b\r\n%b" % (STATUS_LINE[passage.status], date, lines, body)
        )
        passage.response_complete = True
        if not passage.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def hand_over(self, passage: Passage, exchange: Exchange) -> None:
        """Let uvicorn serve the request in its own way, with what has been begun."""
        scope: Any = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": "",
            "raw_path": passage.path,
            "query_string": passage.query,
            "headers": passage.known.sent,
            "client": self.client,
            "splot.begun": (passage, exchange),
        }
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

    def _take_express_lane(
        self, sent: Headers, target: bytes, *, keep_alive: bool
    ) -> bool:
        under_way = cast(RequestResponseCycle | None, self.cycle)
        if self._entrance is None or (
            under_way is not None and not under_way.response_complete
        ):
            return False
        passage = board(self._entrance, self, sent, target, keep_alive=keep_alive)
        if passage is None:
            return False
        self.cycle = cast(RequestResponseCycle, passage)
        return True

    def _take_ordinary_way(self) -> None:
        url = self.url[:LONGEST_TARGET_READ]  # enough to be refused as too long
        headers, expects = self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        if not url.startswith(b"/"):
            self._read_unusual_target()
        super().on_headers_complete()

    def _read_unusual_target(self) -> None:
        if self.url == b"*":
            return
        if self.parser.get_method() == b"CONNECT":
            self.url = b"/"
            return
        host = httptools.parse_url(self.url).host
        named = [(name, value) for name, value in self.headers if name != b"host"]
        self.headers[:] = [*named, (b"host", host or b"")]

    def _look_after(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )
