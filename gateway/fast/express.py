"""The express lane: plain reads by known callers, served without a task of their own.

It exists for speed alone and decides nothing by itself: it makes the same checks as the
entrance, and an unusual request (a refusal, no idle connection, a long or broken
answer) goes the ordinary way.
"""

import time
from functools import lru_cache
from typing import NamedTuple, Protocol

from gateway.connections import Connection
from gateway.entrance import Entrance, refusal
from gateway.headers import Headers, lines_of, read_headers
from gateway.proxy import (
    add_length,
    checked_headers,
    forwarded_lines,
    is_long,
    request_head,
)
from gateway.requests import Request
from gateway.routes import RoutingTable, Traffic, is_reference_data, traffic_of
from gateway.targets import check_target
from gateway.upstreams import Exchange, Replica
from services.chassis.ground.problems import Problem, UpstreamTimeout
from services.chassis.trust.tokens import Claims

# A request with a body, or one that waits for `100 Continue`, needs the ordinary way.
UNUSUAL = frozenset({b"content-length", b"expect", b"transfer-encoding", b"upgrade"})
# The destinations that are cached: how many, and for addresses of how many bytes.
MOST_REMEMBERED, LONGEST_REMEMBERED = 2_000, 200


class Destination(NamedTuple):
    """Where a plain read goes."""

    upstream: str
    path: bytes
    query: bytes


class CallerContext(NamedTuple):
    """The headers of the last request on a connection, and what depends on them alone.

    Most requests repeat the headers of the one before, so it is computed once.
    """

    header_list: Headers
    headers: dict[bytes, bytes]
    client: bytes
    claims: Claims
    withdrawals: int
    """How often the issuer had withdrawn keys when the claims were looked up."""
    request_lines: bytes
    """The forwarded headers, as the service gets them."""
    answer_lines: bytes
    """The headers of every answer, as the caller gets them."""
    keep_alive: bool


class ClientConnection(Protocol):
    """The connection to the caller."""

    context: CallerContext | None
    client: tuple[str, int] | None

    def write_answer(
        self, request: "ExpressRequest", lines: bytes, body: bytes
    ) -> None:
        """Write a whole answer, and go on to the caller's next request."""

    def hand_over(self, request: "ExpressRequest", exchange: Exchange) -> None:
        """Let the request go the ordinary way."""


class ExpressRequest(Request):
    """A request on the express lane.

    uvicorn's protocol keeps it in the place of a request-response cycle.
    """

    method = "GET"
    is_well_addressed = True
    # The connection itself notices when its caller leaves.
    needs_listener = False
    response_complete = disconnected = False
    connection: Connection | None = None
    """The connection of the answer; None when the answer is no longer expected here."""
    rate_lines = b""
    """The headers of the caller's rate limit, if there is one."""

    def __init__(
        self,
        entrance: Entrance,
        client_connection: ClientConnection,
        context: CallerContext,
        destination: Destination,
    ) -> None:
        self.entrance, self.context = entrance, context
        self.client_connection = client_connection
        self.route_name, self.path, self.query = destination
        self.headers, self.client = context.headers, context.client
        self.keep_alive = context.keep_alive
        self._started = time.perf_counter()

    @property
    def message_event(self) -> "ExpressRequest":
        """uvicorn: the event that is set when bytes came from the caller."""
        return self

    def begin(self, replica: Replica, connection: Connection) -> None:
        """Send the request to the service."""
        entrance = self.entrance
        self.replica, self.connection = replica, connection
        self.continue_trace()
        entrance.room.enter(self, Traffic.CALL)
        entrance.watch.begin(self, entrance.deadline())
        replica.begin(connection)
        connection.listener = self._on_event
        seconds = entrance.settings.deadline_seconds
        head = request_head(self, replica, self.context.request_lines, seconds)
        connection.send(head, bodiless=False)

    def _on_event(self) -> None:
        """Bytes came from the service, or its connection is gone."""
        connection = self.connection
        if connection is None:
            return
        if connection.fault is not None:
            self._hand_over(connection)
        elif connection.complete:
            self._finish(connection)
        elif connection.status and is_long(connection):
            self._hand_over(connection)

    def expire(self) -> None:
        """Answer with a problem: the deadline has passed."""
        connection = self.connection
        if connection is not None:
            self._cut(connection)
            self.replica.breaker.failed()
            problem = UpstreamTimeout()
            headers, body = refusal(self, problem)
            self._answer(problem.status, lines_of(headers), body)

    def set(self) -> None:
        """uvicorn: bytes came from the caller, or the caller has left."""
        connection = self.connection
        if self.disconnected and connection is not None:
            self._cut(connection)
            self._account()

    def _cut(self, connection: Connection) -> None:
        connection.close()
        self._end(connection)
        self.replica.end(connection, answered=connection.complete)

    def _hand_over(self, connection: Connection) -> None:
        self._end(connection)
        self.client_connection.hand_over(self, Exchange(self.replica, connection))

    def _finish(self, connection: Connection) -> None:
        lines = connection.answer_lines
        try:
            headers = checked_headers(connection) if lines is None else []
        except Problem:
            self._hand_over(connection)
            return
        body = connection.take()
        if lines is None:
            add_length(connection, headers, body)
            lines = connection.answer_lines = lines_of(headers)
        self._end(connection)
        self.replica.end(connection, answered=True)
        self._answer(connection.status, lines, body)

    def _answer(self, status: int, lines: bytes, body: bytes) -> None:
        self.status = status
        trace = b"traceparent: %b\r\n" % self.traceparent
        lines = lines + self.context.answer_lines + self.rate_lines + trace
        self.client_connection.write_answer(self, lines, body)
        self._account()

    def _end(self, connection: Connection) -> None:
        """Stop expecting an answer here."""
        # Without these references the two are freed at once, not by the cycle collector.
        self.connection = connection.listener = None
        self.entrance.room.leave(self, Traffic.CALL)
        self.entrance.watch.end(self)

    def _account(self) -> None:
        self.entrance.journal.record(self, time.perf_counter() - self._started)


def begin_request(
    entrance: Entrance,
    client_connection: ClientConnection,
    header_list: Headers,
    target: bytes,
    *,
    keep_alive: bool,
) -> ExpressRequest | None:
    """Send a plain read to its service; None when it has to go the ordinary way."""
    try:
        context = client_connection.context
        if context is None or not _still_holds(context, entrance, header_list):
            context = client_connection.context = _context_of(
                entrance, client_connection, header_list, keep_alive
            )
        if context is None or not entrance.room.has_place(Traffic.CALL):
            return None
        destination = _destination_of(entrance, context, target)
        if destination is None:
            return None
        replica = entrance.upstreams[destination.upstream].idle_replica()
        if replica is None:
            return None
        # The last check: a request that goes the ordinary way is counted there.
        entrance.rates.spend(context.claims.subject)
    except Problem:
        # The ordinary way finds the same problem, and answers with it.
        return None
    connection = replica.idle_connection()
    if connection is None:
        return None
    request = ExpressRequest(entrance, client_connection, context, destination)
    request.rate_lines = lines_of(entrance.rates.headers(context.claims.subject))
    request.begin(replica, connection)
    return request


def _still_holds(
    context: CallerContext, entrance: Entrance, header_list: Headers
) -> bool:
    """Whether the headers are the same, and the token in them is still to be trusted.

    It is not if it has expired, or if any key was withdrawn since: perhaps its own.
    """
    return (
        context.header_list == header_list
        and context.claims.expires_at > time.time()
        and context.withdrawals == entrance.authentication.withdrawals
    )


def _context_of(
    entrance: Entrance,
    client_connection: ClientConnection,
    header_list: Headers,
    keep_alive: bool,
) -> CallerContext | None:
    """The context of a request by a known caller; None for any other."""
    headers = read_headers(header_list)
    entrance.hosts.check(headers.get(b"host"))
    claims = entrance.authentication.remembered(headers.get(b"authorization"))
    # Verifying a new token may mean waiting for the issuer's keys.
    if claims is None or not UNUSUAL.isdisjoint([name for name, _ in header_list]):
        return None
    return CallerContext(
        header_list=header_list,
        headers=headers,
        client=entrance.addresses.of(client_connection.client, headers),
        claims=claims,
        withdrawals=entrance.authentication.withdrawals,
        request_lines=forwarded_lines(headers),
        answer_lines=lines_of(entrance.constant_headers(headers)),
        keep_alive=keep_alive,
    )


def _destination_of(
    entrance: Entrance, context: CallerContext, target: bytes
) -> Destination | None:
    """The destination of a plain read; None for others. A Problem for a bad address."""
    accept = context.headers.get(b"accept", b"")
    # Pages repeat the same addresses: without a cache a tenth of the gateway's time.
    is_short = len(target) <= LONGEST_REMEMBERED
    find = _cached_destination if is_short else _find_destination
    return find(entrance.table, target, accept)


def _find_destination(
    table: RoutingTable, target: bytes, accept: bytes
) -> Destination | None:
    path, _, query = target.partition(b"?")
    check_target(path, query)
    route = table.find(path)
    # Reads of reference data wait for each other, and this lane never waits.
    if route is None or is_reference_data(route, "GET", path):
        return None
    if not route.demands_token("GET", path):
        return None
    if traffic_of("GET", path, query, accept) is not Traffic.CALL:
        return None
    return Destination(route.upstream, path, query)


_cached_destination = lru_cache(MOST_REMEMBERED)(_find_destination)
