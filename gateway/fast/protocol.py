"""The gateway's protocol with an express lane: `--http gateway.fast.protocol:ExpressProtocol`."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from gateway.entrance import Entrance
from gateway.fast.express import CallerContext, ExpressRequest, begin_request
from gateway.headers import Headers, lines_of
from gateway.server import PatientProtocol
from gateway.upstreams import Exchange
from services.chassis.serving.leaving import leaves


class ExpressProtocol(PatientProtocol):
    """Serves plain reads on the express lane; other requests go the ordinary way.

    It does without uvicorn's scope, task and timer for each request.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.context: CallerContext | None = None
        # Absent where a server has wrapped the application: then all requests go the
        # ordinary way.
        entrance: Entrance | None = getattr(self.app, "entrance", None)
        is_off = entrance is None or entrance.settings.plain_ways
        self._entrance = None if is_off else entrance
        self._idle_since: float | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the caller has gone."""
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """llhttp: the first byte of a request."""
        # uvicorn makes a scope here; we make it only for the ordinary way.
        self._head_is_open, self._head_size = True, 0
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_headers_complete(self) -> None:
        """llhttp: the head is complete."""
        parser, url = self.parser, self.url
        # A fragment is cut off by some programs and kept by others; HTTP/1.0 keeps
        # connections by other rules.
        is_plain = (
            parser.get_method() == b"GET"
            and b"#" not in url
            and parser.get_http_version() == "1.1"
            and not leaves(self.app_state)
        )
        if is_plain and self._take_express_lane(
            self.headers, url, keep_alive=parser.should_keep_alive()
        ):
            self._head_is_open = False
            self._stop_waiting()
        else:
            self._take_ordinary_way()

    def on_message_complete(self) -> None:
        """llhttp: the request is complete. The express lane has sent it already."""
        if not isinstance(self.cycle, ExpressRequest):
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """uvicorn: an answer is complete, and the connection is idle."""
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._hurry_the_rest()
        self._idle_since = self.loop.time()
        # One timer serves many requests: at its end it computes how much time is left.
        if self.timeout_keep_alive_task is None:
            self._start_timer(self.timeout_keep_alive)

    def _unset_keepalive_if_required(self) -> None:
        """uvicorn: the connection is no longer idle. The timer goes on all the same."""
        self._idle_since = None

    def timeout_keep_alive_handler(self) -> None:
        """uvicorn: the connection may have been idle for too long."""
        self.timeout_keep_alive_task = None
        if self._idle_since is not None:
            left = self._idle_since + self.timeout_keep_alive - self.loop.time()
            if left > 0:
                self._start_timer(left)
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
        """Let uvicorn serve the request the ordinary way, with the exchange as it is."""
        scope: Any = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            # The gateway reads the raw path alone.
            "path": "",
            "raw_path": request.path,
            "query_string": request.query,
            "headers": request.context.header_list,
            "client": self.client,
            "splot.express": (request, exchange),
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
        current: Any = self.cycle
        if current is request:
            self.cycle = cycle
        self._start_asgi_task(cycle, self.app)

    def _take_express_lane(
        self, header_list: Headers, target: bytes, *, keep_alive: bool
    ) -> bool:
        if self._entrance is None or not _is_free(self.cycle):
            return False
        # uvicorn needs a cycle; a request has the members of one that it uses.
        request: Any = begin_request(
            self._entrance, self, header_list, target, keep_alive=keep_alive
        )
        if request is None:
            return False
        self.cycle = request
        return True

    def _take_ordinary_way(self) -> None:
        # uvicorn begins the message only now, so the parts that were read are put back.
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def _start_timer(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )


def _is_free(cycle: RequestResponseCycle | None) -> bool:
    """Whether the last request on the connection, if there was one, is answered."""
    return cycle is None or cycle.response_complete
