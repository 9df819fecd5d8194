"""The express lane: a plain read by a known caller passes without a task of its own; all else goes the ordinary way.

It exists for speed alone and decides nothing by itself: it asks the same checks as the entrance, and wherever one of
them hesitates (a refusal, no idle connection, a long or broken answer) the request goes on the ordinary way.
"""

import time
from typing import NamedTuple, Protocol

from gateway.connections import Connection
from gateway.entrance import Entrance, refusal
from gateway.headers import Headers, lines_of, read_headers
from gateway.proxy import (
    HELD_BACK,
    checked_headers,
    listed_lines,
    request_head,
    tell_length,
)
from gateway.requests import Request
from gateway.routes import Traffic, is_reference_data, traffic_of
from gateway.targets import check_target
from gateway.upstreams import Exchange, Replica
from services.chassis.problems import Problem, UpstreamTimeout
from services.chassis.tokens import Claims

UNUSUAL = frozenset({b"content-length", b"expect", b"transfer-encoding", b"upgrade"})


class Destination(NamedTuple):
    """Where a plain read goes."""

    upstream: str
    path: bytes
    query: bytes


class KnownCaller(NamedTuple):
    """What the last request on a connection said of itself, and what follows from that alone.

    Most requests say the same again, so it is worked out once.
    """

    sent: Headers
    headers: dict[bytes, bytes]
    client: bytes
    claims: Claims
    withdrawals: int
    """How often the issuer had withdrawn keys by then."""
    passed_on: bytes
    """The lines that the service is sent."""
    greeting: bytes
    """The lines that every answer has."""
    keep_alive: bool


class CallerConnection(Protocol):
    """Where the caller's connection ends."""

    known_caller: KnownCaller | None
    client: tuple[str, int] | None

    def write_answer(
        self, request: "ExpressRequest", lines: bytes, body: bytes
    ) -> None:
        """Write a whole answer, and go on to the caller's next request."""

    def hand_over(self, request: "ExpressRequest", exchange: Exchange) -> None:
        """Let the request go on the ordinary way."""


class ExpressRequest(Request):
    """One request on the express lane. For uvicorn's protocol it stands in the place of a request-response cycle."""

    method = "GET"
    is_well_addressed = True
    needs_listener = False  # its own connection tells when the sender leaves
    response_complete = disconnected = False
    connection: Connection | None = None
    """Where the answer is waited for."""

    def __init__(
        self,
        entrance: Entrance,
        counter: CallerConnection,
        known: KnownCaller,
        destination: Destination,
    ) -> None:
        self.entrance, self.counter, self.known = entrance, counter, known
        self.route_name, self.path, self.query = destination
        self.headers, self.client, self.keep_alive = (
            known.headers,
            known.client,
            known.keep_alive,
        )
        self._started = time.perf_counter()

    @property
    def message_event(self) -> "ExpressRequest":
        """uvicorn: what is set when something came from the caller."""
        return self

    def begin(self, replica: Replica, connection: Connection) -> None:
        """Send the request on."""
        entrance = self.entrance
        self.replica, self.connection = replica, connection
        self.continue_trace()
        entrance.room.enter(self, Traffic.CALL)
        entrance.watch.begin(self, entrance.deadline())
        replica.begin(connection)
        connection.listener = self.hear
        head = request_head(
            self, replica, self.known.passed_on, entrance.settings.deadline_seconds
        )
        connection.send(head, bodiless=False)

    def hear(self) -> None:
        """Something came from the upstream, or it is gone."""
        connection = self.connection
        if connection is None:
            return
        if connection.fault is not None:
            self._hand_over(connection)
        elif connection.complete:
            self._finish(connection)
        elif (
            connection.status
            and int(connection.known.get(b"content-length", HELD_BACK + 1)) > HELD_BACK
        ):
            self._hand_over(connection)

    def expire(self) -> None:
        """The time is up."""
        connection = self.connection
        if connection is not None:
            self._cut(connection)
            self.replica.breaker.failed()
            problem = UpstreamTimeout()
            headers, body = refusal(self, problem)
            self._answer(problem.status, lines_of(headers), body)

    def set(self) -> None:
        """uvicorn: wake who waits for the caller. Nobody does; but a caller who has left needs no answer."""
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
        self.counter.hand_over(self, Exchange(self.replica, connection))

    def _finish(self, connection: Connection) -> None:
        try:
            headers = checked_headers(connection) if connection.lines is None else []
        except Problem:
            self._hand_over(connection)
            return
        body = connection.take()
        if connection.lines is None:
            tell_length(connection, headers, body)
            connection.lines = lines_of(headers)
        self._end(connection)
        self.replica.end(connection, answered=True)
        self._answer(connection.status, connection.lines, body)

    def _answer(self, status: int, lines: bytes, body: bytes) -> None:
        self.status = status
        ours = b"%btraceparent: 00-%b-%b-01\r\n" % (
            self.known.greeting,
            self.trace,
            self.span,
        )
        self.counter.write_answer(self, lines + ours, body)
        self._account()

    def _end(self, connection: Connection) -> None:
        """Nothing is waited for any more, and no circle is left behind."""
        self.connection = connection.listener = None
        self.entrance.room.leave(self, Traffic.CALL)
        self.entrance.watch.end(self)

    def _account(self) -> None:
        self.entrance.journal.record(self, time.perf_counter() - self._started)


def send_on(
    entrance: Entrance,
    counter: CallerConnection,
    sent: Headers,
    target: bytes,
    *,
    keep_alive: bool,
) -> ExpressRequest | None:
    """Send a plain read by a caller who is known on its way, or None when it has to go the ordinary way."""
    try:
        known = counter.known_caller
        if (
            known is None
            or known.sent != sent
            or not _is_still_trusted(entrance, known)
        ):
            known = counter.known_caller = _known_caller(
                entrance, counter, sent, keep_alive
            )
        destination = None if known is None else _destination(entrance, known, target)
        if (
            known is None
            or destination is None
            or not entrance.room.has_place(Traffic.CALL)
        ):
            return None
        replica = entrance.upstreams[destination.upstream].replica_at_once()
        if replica is None:
            return None
        entrance.rates.spend(known.claims.subject)
    except Problem:
        return None
    connection = replica.idle_connection()
    if connection is None:
        return None
    request = ExpressRequest(entrance, counter, known, destination)
    request.begin(replica, connection)
    return request


def _is_still_trusted(entrance: Entrance, known: KnownCaller) -> bool:
    """Whether the token has neither ended nor, perhaps, been signed with a key that is withdrawn by now."""
    return (
        known.claims.expires_at > time.time()
        and known.withdrawals == entrance.authentication.withdrawals
    )


def _known_caller(
    entrance: Entrance, counter: CallerConnection, sent: Headers, keep_alive: bool
) -> KnownCaller | None:
    headers = read_headers(sent)
    entrance.hosts.check(headers.get(b"host"))
    claims = entrance.authentication.remembered(headers.get(b"authorization"))
    if claims is None or not UNUSUAL.isdisjoint([name for name, _ in sent]):
        return None
    return KnownCaller(
        sent=sent,
        headers=headers,
        client=entrance.addresses.of(counter.client, headers),
        claims=claims,
        withdrawals=entrance.authentication.withdrawals,
        passed_on=listed_lines(headers),
        greeting=lines_of(entrance.greeting(headers)),
        keep_alive=keep_alive,
    )


def _destination(
    entrance: Entrance, known: KnownCaller, target: bytes
) -> Destination | None:
    """Where a plain read goes, None of anything else. Raises when its address may not be passed on."""
    path, _, query = target.partition(b"?")
    check_target(path, query)
    route = entrance.table.find(path)
    if route is None or not route.needs_token or is_reference_data(route, "GET", path):
        return None
    if (
        traffic_of("GET", path, query, known.headers.get(b"accept", b""))
        is not Traffic.CALL
    ):
        return None
    return Destination(route.upstream, path, query)
