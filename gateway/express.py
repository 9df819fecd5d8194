"""The express lane: a plain read by a known caller passes without a task of its own; all else goes the ordinary way.

It exists for speed alone and decides nothing by itself: it asks the same checks as the entrance, and wherever one of
them hesitates (a refusal, no idle connection, a long or broken answer) the request goes on the ordinary way.
"""

import time
from typing import Protocol

from gateway.connections import Connection
from gateway.entrance import Entrance, refusal
from gateway.headers import Headers
from gateway.proxy import HELD_BACK, checked_headers, request_head, tell_length
from gateway.requests import NO_BODY, Request, Scope
from gateway.routes import Route, Traffic, is_reference_data, traffic_of
from gateway.targets import check_target
from gateway.upstreams import Exchange, Replica
from services.chassis.problems import Problem, UpstreamTimeout

UNUSUAL = frozenset({b"content-length", b"expect", b"transfer-encoding"})


class Counter(Protocol):
    """Where the caller's connection ends."""

    def write_answer(self, passage: "Passage", status: int, headers: Headers, body: bytes) -> None:
        """Write a whole answer, and go on to the caller's next request."""

    def hand_over(self, passage: "Passage", exchange: Exchange) -> None:
        """Let the request go on the ordinary way."""


class ExpressRequest(Request):
    """A request without a task: who gives it up tells its passage."""

    passage: "Passage"
    subject = ""

    @property
    def needs_listener(self) -> bool:
        """Its own connection tells when the sender leaves."""
        return False

    def expire(self) -> None:
        """The time is up."""
        self.passage.expire()


class Passage:
    """One request on the express lane. For uvicorn's protocol it stands in the place of a request-response cycle."""

    more_body = False
    response_complete = False
    disconnected = False

    def __init__(self, entrance: Entrance, counter: Counter, request: ExpressRequest, *, keep_alive: bool) -> None:
        self.entrance, self.counter, self.request, self.keep_alive = entrance, counter, request, keep_alive
        self.message_event = self
        self.body = bytearray()
        self._started = time.perf_counter()
        self._exchange: Exchange | None = None

    def begin(self, replica: Replica, connection: Connection) -> None:
        """Send the request on."""
        request = self.request
        request.passage = self
        self.entrance.room.enter(request, Traffic.CALL)
        self.entrance.watch.begin(request, self.entrance.deadline())
        self._exchange = Exchange(replica, connection)
        replica.begin()
        connection.listener = self.hear
        connection.send(request_head(request, replica, NO_BODY), bodiless=False)

    def hear(self) -> None:
        """Something came from the upstream, or it is gone."""
        exchange = self._exchange
        if exchange is None:
            return
        connection = exchange.connection
        if connection.fault is None and not connection.status:
            return
        if connection.fault is None and connection.complete:
            self._finish(exchange)
        elif connection.fault or int(connection.known.get(b"content-length", HELD_BACK + 1)) > HELD_BACK:
            self.counter.hand_over(self, self._end(exchange))

    def expire(self) -> None:
        """The time is up."""
        exchange = self._exchange
        if exchange is not None:
            self._cut(exchange)
            exchange.replica.breaker.failed()
            problem = UpstreamTimeout()
            self._answer(problem.status, *refusal(self.request, problem))

    def set(self) -> None:
        """uvicorn: wake who waits for the caller. Nobody does; but a caller who has left needs no answer."""
        exchange = self._exchange
        if self.disconnected and exchange is not None:
            self._cut(exchange)
            self._account()

    def _cut(self, exchange: Exchange) -> None:
        exchange.connection.close()
        self._end(exchange).end()

    def _finish(self, exchange: Exchange) -> None:
        connection = exchange.connection
        try:
            headers = checked_headers(connection)
        except Problem:
            self.counter.hand_over(self, self._end(exchange))
            return
        body = connection.take()
        tell_length(connection, headers, body)
        self._end(exchange).end()
        self._answer(connection.status, headers, body)

    def _answer(self, status: int, headers: Headers, body: bytes) -> None:
        self.request.status = status
        self.counter.write_answer(self, status, headers + self.request.answer_headers, body)
        self._account()

    def _end(self, exchange: Exchange) -> Exchange:
        self._exchange = exchange.connection.listener = None
        self.entrance.room.leave(self.request, Traffic.CALL)
        self.entrance.watch.end(self.request)
        return exchange

    def _account(self) -> None:
        self.entrance.journal.record(self.request, time.perf_counter() - self._started)


def board(entrance: Entrance, counter: Counter, scope: Scope, *, keep_alive: bool) -> Passage | None:
    """Send a request on by the express lane, or None when it has to go the ordinary way."""
    request = ExpressRequest(scope, _nothing, _nowhere)
    try:
        route = _route(entrance, request)
        replica = entrance.upstreams[route.upstream].replica_at_once() if route is not None else None
        if replica is None:
            return None
        entrance.rates.spend(request.subject)
    except Problem:
        return None
    connection = replica.idle_connection()
    if connection is None:
        return None
    passage = Passage(entrance, counter, request, keep_alive=keep_alive)
    passage.begin(replica, connection)
    return passage


def _route(entrance: Entrance, request: ExpressRequest) -> Route | None:
    """The route of a plain read by a caller who is known; None for anything else. Raises what the checks raise."""
    entrance.greet(request)
    headers = request.headers
    check_target(request.path, request.query)
    request.is_well_addressed = True
    entrance.hosts.check(headers.get(b"host"))
    route = entrance.table.find(request.path)
    if route is None or not route.needs_token or not UNUSUAL.isdisjoint(headers):
        return None
    if traffic_of("GET", request.path, request.query, headers.get(b"accept", b"")) is not Traffic.CALL:
        return None
    claims = entrance.authentication.remembered(headers.get(b"authorization"))
    if claims is None or is_reference_data(route, "GET", request.path) or not entrance.room.has_place(Traffic.CALL):
        return None
    request.client = entrance.addresses.of(request)
    request.route_name, request.subject = route.name, claims.subject
    return route


async def _nothing() -> dict[str, object]:
    return {"type": "http.disconnect"}


async def _nowhere(_: dict[str, object]) -> None:
    return None
