"""The gateway's protocol with an express lane: `--http gateway.fast.protocol:ExpressProtocol`.

It does by hand what uvicorn would do for every request: its scope, its task, its timer.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from gateway.entrance import Entrance
from gateway.fast.express import ExpressRequest, KnownCaller, send_on
from gateway.headers import Headers, lines_of
from gateway.server import PatientProtocol
from gateway.upstreams import Exchange


class ExpressProtocol(PatientProtocol):
    """Lets plain reads pass on the express lane; all else goes the ordinary way."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.known_caller: KnownCaller | None = None
        entrance: Entrance | None = getattr(self.app, "entrance", None)
        is_off = entrance is None or entrance.settings.plain_ways
        self._entrance = None if is_off else entrance
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
        parser, url = self.parser, self.url
        is_plain = (
            parser.get_method() == b"GET"
            and b"#" not in url
            and parser.get_http_version() == "1.1"
        )
        keep_alive = parser.should_keep_alive()
        if is_plain and self._takes_express_lane(
            self.headers, url, keep_alive=keep_alive
        ):
            self._head_is_open = False
            self._stop_waiting()
        else:
            self._go_ordinary_way()

    def on_message_complete(self) -> None:
        """llhttp: the request is there. One on the express lane has been sent on already."""
        if not isinstance(self.cycle, ExpressRequest):
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

    def write_answer(self, request: ExpressRequest, lines: bytes, body: bytes) -> None:
        """Write a whole answer, and go on to the caller's next request."""
        if not request.keep_alive:
            lines += b"connection: close\r\n"
        date = lines_of(self.server_state.default_headers)
        self.transport.write(
            b"%b%b%b\r\n%b" % (STATUS_LINE[request.status], date, lines, body)
        )
        request.response_complete = True
        if not request.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def hand_over(self, request: ExpressRequest, exchange: Exchange) -> None:
        """Let uvicorn serve the request in its own way, with what has been begun."""
        scope: Any = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": "",
            "raw_path": request.path,
            "query_string": request.query,
            "headers": request.known.sent,
            "client": self.client,
            "splot.begun": (request, exchange),
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
            keep_alive=request.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.more_body = False
        if self.cycle is cast(RequestResponseCycle, request):
            self.cycle = cycle
        self._start_asgi_task(cycle, self.app)

    def _takes_express_lane(
        self, sent: Headers, target: bytes, *, keep_alive: bool
    ) -> bool:
        under_way = cast(RequestResponseCycle | None, self.cycle)
        if self._entrance is None or (
            under_way is not None and not under_way.response_complete
        ):
            return False
        request = send_on(self._entrance, self, sent, target, keep_alive=keep_alive)
        if request is None:
            return False
        self.cycle = cast(RequestResponseCycle, request)
        return True

    def _go_ordinary_way(self) -> None:
        """Let uvicorn begin the message now, as it would have done with its first byte."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def _look_after(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )
