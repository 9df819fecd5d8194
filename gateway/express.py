"""The express lane: a plain read by a known caller passes without a task of its own; all else goes the ordinary way.

It exists for speed alone and decides nothing by itself: it asks the same checks as the entrance, and wherever one of
them hesitates (a refusal, no idle connection, a long or broken answer) the request goes on the ordinary way.
"""

import time
from typing import NamedTuple, Protocol

from gateway.connections import Connection
from gateway.entrance import Entrance, refusal
from gateway.headers import Headers
from gateway.proxy import HELD_BACK, checked_headers, request_head, tell_length
from gateway.requests import NO_BODY, Request, Scope
from gateway.routes import Route, Traffic, is_reference_data, traffic_of
from gateway.targets import check_target
from gateway.upstreams import Exchange, Replica
from services.chassis.identity import Claims
from services.chassis.problems import Problem, UpstreamTimeout

UNUSUAL = frozenset({b"content-length", b"expect", b"transfer-encoding"})


class Acquaintance(NamedTuple):
    """What the last request on a connection said of itself. Most say the same again, so it is checked once."""

    sent: Headers
    headers: dict[bytes, bytes]
    client: bytes
    claims: Claims


class Counter(Protocol):
    """Where the caller's connection ends."""

    acquaintance: Acquaintance | None

    def write_answer(self, passage: "Passage", status: int, headers: Headers, body: bytes) -> None:
        """Write a whole answer, and go on to the caller's next request."""

    def hand_over(self, passage: "Passage", exchange: Exchange) -> None:
        """Let the request go on the ordinary way."""


class ExpressRequest(Request):
    """A request without a task: who gives it up tells its passage."""

    passage: "Passage | None" = None

    @property
    def needs_listener(self) -> bool:
        """Its own connection tells when the sender leaves."""
        return False

    def expire(self) -> None:
        """The time is up."""
        if self.passage is not None:
            self.passage.expire()


class Passage:
    """One request on the express lane. For uvicorn's protocol it stands in the place of a request-response cycle."""

    more_body = False
    response_complete = False
    disconnected = False

    def __init__(self, entrance: Entrance, counter: Counter, request: ExpressRequest, *, keep_alive: bool) -> None:
        self.entrance, self.counter, self.request, self.keep_alive = entrance, counter, request, keep_alive
        self.body = bytearray()
        self._started = time.perf_counter()
        self._exchange: Exchange | None = None

    @property
    def message_event(self) -> "Passage":
        """uvicorn: what is set when something came from the caller."""
        return self

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
        self._exchange = exchange.connection.listener = self.request.passage = None  # no circle is left behind
        self.entrance.room.leave(self.request, Traffic.CALL)
        self.entrance.watch.end(self.request)
        return exchange

    def _account(self) -> None:
        self.entrance.journal.record(self.request, time.perf_counter() - self._started)


def board(entrance: Entrance, counter: Counter, scope: Scope, *, keep_alive: bool) -> Passage | None:
    """Send a request on by the express lane, or None when it has to go the ordinary way."""
    request = ExpressRequest(scope, _nothing, _nowhere)
    try:
        replica = _destination(entrance, counter, request)
    except Problem:
        return None
    connection = replica.idle_connection() if replica is not None else None
    if replica is None or connection is None:
        return None
    passage = Passage(entrance, counter, request, keep_alive=keep_alive)
    passage.begin(replica, connection)
    return passage


def _destination(entrance: Entrance, counter: Counter, request: ExpressRequest) -> Replica | None:
    """Where a plain read by a caller who is known can be sent at once. Raises what the checks raise."""
    known = counter.acquaintance
    if known is None or known.sent != request.scope["headers"] or known.claims.expires_at <= time.time():
        known = counter.acquaintance = _introduce(entrance, request)
        if known is None:
            return None
    request.headers, request.client = known.headers, known.client
    check_target(request.path, request.query)
    request.is_well_addressed = True
    route = entrance.table.find(request.path)
    if route is None or not _is_plain(route, request) or not entrance.room.has_place(Traffic.CALL):
        return None
    replica = entrance.upstreams[route.upstream].replica_at_once()
    if replica is not None:
        entrance.rates.spend(known.claims.subject)
        entrance.greet(request)
        request.route_name = route.upstream
    return replica


def _introduce(entrance: Entrance, request: ExpressRequest) -> Acquaintance | None:
    request.read_headers()
    headers = request.headers
    entrance.hosts.check(headers.get(b"host"))
    claims = entrance.authentication.remembered(headers.get(b"authorization"))
    if claims is None or not UNUSUAL.isdisjoint(headers):
        return None
    return Acquaintance(request.scope["headers"], headers, entrance.addresses.of(request), claims)


def _is_plain(route: Route, request: Request) -> bool:
    path = request.path
    if not route.needs_token or is_reference_data(route, "GET", path):
        return False
    return traffic_of("GET", path, request.query, request.headers.get(b"accept", b"")) is Traffic.CALL


async def _nothing() -> dict[str, object]:
    return {"type": "http.disconnect"}


async def _nowhere(_: dict[str, object]) -> None:
    return None
